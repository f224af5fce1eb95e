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
/// private one; `aigcData` is abi.encode(int256[]) of what the model reveals. Everything
/// that does not hold is answered with false, malformed bytes included.
/// @dev The standard's question has no place for a context, so that a proof shows a fact
/// and belongs to nobody: models whose proofs have a context are refused.
contract ERC7007Adapter is IERC7007Verifier {
    /// The model's proofs are bound to a context.
    error ContextNotSupported();

    /// @notice Where the model is looked up, its number and its version.
    IModelRegistry public immutable registry;
    uint256 public immutable modelId;
    uint64 public immutable version;

    constructor(IModelRegistry registry_, uint256 modelId_, uint64 version_) {
        Shape shape = registry_.versionOf(modelId_, version_).shape;
        if (Inference.hasContext(shape)) revert ContextNotSupported();
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
        try this.decode(aigcData) returns (int256[] memory output) {
            return registry.verifyClaim(modelId, version, Claim(prompt, output, 0), proof);
        } catch {
            return false;
        }
    }

    /// @notice Reads abi.encode(int256[]). Reverts for anything else, also for another
    /// encoding of the same numbers: a token's content has one form.
    function decode(bytes calldata aigcData) external pure returns (int256[] memory output) {
        output = abi.decode(aigcData, (int256[]));
        require(keccak256(abi.encode(output)) == keccak256(aigcData));
    }
}
