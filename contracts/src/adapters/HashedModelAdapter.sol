// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IInferenceVerifier, IPrivateInputContextVerifier} from "../interfaces/IInferenceVerifier.sol";
import {Shape} from "../libraries/InferenceFormat.sol";
import {Adapter} from "./Adapter.sol";

/// @title A wrapper that serves every private model of one architecture.
interface IHashedModelVerifier is IInferenceVerifier {
    function verify(
        bytes32 inputCommitment,
        int256[] calldata output,
        uint256 context,
        bytes32 modelCommitment,
        bytes calldata proof
    ) external view returns (bool);
}

/// @title A wrapper for hashed models, with one model: of the shape PrivateInputContext.
/// @notice A new version of the model is a new adapter, which costs much less than a new
/// wrapper: the key stays the same.
contract HashedModelAdapter is Adapter, IPrivateInputContextVerifier {
    IHashedModelVerifier public immutable wrapper;

    /// @notice The salted commitment to the model's weights.
    bytes32 public immutable modelCommitment;

    constructor(IHashedModelVerifier wrapper_, bytes32 modelCommitment_)
        Adapter(
            wrapper_,
            type(IHashedModelVerifier).interfaceId,
            Shape.PrivateInputContext,
            type(IPrivateInputContextVerifier).interfaceId
        )
    {
        wrapper = wrapper_;
        modelCommitment = modelCommitment_;
    }

    /// @inheritdoc IPrivateInputContextVerifier
    function verify(bytes32 inputCommitment, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return wrapper.verify(inputCommitment, output, context, modelCommitment, proof);
    }
}
