// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

import {IInferenceVerifier} from "../interfaces/IInferenceVerifier.sol";
import {Format, Shape} from "../libraries/InferenceFormat.sol";

/// @title What an adapter says of itself: what its wrapper says, but for the shape.
/// @dev An adapter of several inputs or outputs overrides what it says of these.
abstract contract Adapter is ERC165, IInferenceVerifier {
    /// The contract takes other arguments than this adapter passes on, is about a batch, or is
    /// no wrapper.
    error NotSuchAWrapper(address wrapper);

    /// @inheritdoc IInferenceVerifier
    Shape public immutable SHAPE;

    bytes4 private immutable _presented;
    IInferenceVerifier private immutable _stated;

    /// @dev The calls of a batch may have the selector of those for one input.
    /// @param asked The selector of the wrapper's call.
    /// @param presented The selector of the adapter's own, which is of this shape.
    constructor(IInferenceVerifier stated, bytes4 asked, Shape shape, bytes4 presented) {
        if (!ERC165Checker.supportsInterface(address(stated), asked) || stated.BATCH() != 0) {
            revert NotSuchAWrapper(address(stated));
        }
        (_stated, SHAPE, _presented) = (stated, shape, presented);
    }

    /// @inheritdoc IInferenceVerifier
    function VK_SHA256() external view returns (bytes32) {
        return _stated.VK_SHA256();
    }

    /// @inheritdoc IInferenceVerifier
    function UNSAFE_SRS() external view returns (bool) {
        return _stated.UNSAFE_SRS();
    }

    /// @inheritdoc IInferenceVerifier
    function ZKML_VERSION() external view returns (string memory) {
        return _stated.ZKML_VERSION();
    }

    /// @inheritdoc IInferenceVerifier
    function BATCH() external view returns (uint256) {
        return _stated.BATCH();
    }

    /// @inheritdoc IInferenceVerifier
    function INPUTS() external view virtual returns (uint256) {
        return _stated.INPUTS();
    }

    /// @inheritdoc IInferenceVerifier
    function OUTPUTS() external view virtual returns (uint256) {
        return _stated.OUTPUTS();
    }

    /// @inheritdoc IInferenceVerifier
    function inputFormat(uint256 index) external view virtual returns (Format memory) {
        return _stated.inputFormat(index);
    }

    /// @inheritdoc IInferenceVerifier
    function outputFormat(uint256 index) external view virtual returns (Format memory) {
        return _stated.outputFormat(index);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IInferenceVerifier).interfaceId || interfaceId == _presented
            || super.supportsInterface(interfaceId);
    }
}
