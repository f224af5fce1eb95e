// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {Claim, Inference, Shape} from "./libraries/Inference.sol";

/// @title The question of ERC-7007, Verifiable AI-Generated Content Token.
interface IERC7007Verifier {
    /// @notice Whether the model gives `aigcData` for `prompt`.
    function verify(bytes calldata prompt, bytes calldata aigcData, bytes calldata proof)
        external
        view
        returns (bool success);
}

/// @title One version of a model, as the verifier of an ERC-7007 token.
/// @notice The prompt is the model's input, or the 32 bytes of the commitment to a
/// private one; `aigcData` is abi.encode(int256[]) of what the model reveals. The answer
/// to everything that does not hold, malformed bytes included, is false; it reverts only
/// where the gas does not suffice.
/// @dev The standard's interface has no argument for a context, so that a proof shows a
/// fact and belongs to nobody: models whose proofs have a context are refused.
contract ERC7007Adapter is IERC7007Verifier {
    /// The model's proofs are bound to a context.
    error ContextNotSupported();

    /// @notice Where the model is looked up, its number and its version.
    IModelRegistry public immutable registry;
    uint256 public immutable modelId;
    uint64 public immutable version;

    /// @notice Whether the prompt is a commitment.
    bool public immutable hiddenInput;

    constructor(IModelRegistry registry_, uint256 modelId_, uint64 version_) {
        Shape shape = registry_.versionOf(modelId_, version_).shape;
        if (Inference.hasContext(shape)) revert ContextNotSupported();
        hiddenInput = Inference.hasPrivateInput(shape);
        registry = registry_;
        modelId = modelId_;
        version = version_;
    }

    /// @inheritdoc IERC7007Verifier
    function verify(bytes calldata prompt, bytes calldata aigcData, bytes calldata proof)
        external
        view
        returns (bool success)
    {
        (bool canonical, int256[] calldata output) = _decode(aigcData);
        if (!canonical || hiddenInput && prompt.length != 32) return false;
        return registry.verifyClaim(modelId, version, Claim(prompt, output, 0), proof);
    }

    /// Reads abi.encode(int256[]), and no other encoding of the same numbers: a token's
    /// content has one form.
    /// @dev Decoded by hand: Solidity's decoder reverts on malformed data, and a call that
    /// catches the revert would mistake a lack of gas for malformed data, and return false.
    function _decode(bytes calldata data) private pure returns (bool canonical, int256[] calldata output) {
        assembly ("memory-safe") {
            output.offset := add(data.offset, 0x40)
            output.length := 0
        }
        if (data.length < 64 || data.length % 32 != 0 || uint256(bytes32(data)) != 32) {
            return (false, output);
        }
        uint256 count = uint256(bytes32(data[32:]));
        if (count != data.length / 32 - 2) return (false, output);
        canonical = true;
        assembly ("memory-safe") {
            output.length := count
        }
    }
}
