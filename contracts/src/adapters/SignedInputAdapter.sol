// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IInferenceVerifier, IPrivateInputContextVerifier} from "../interfaces/IInferenceVerifier.sol";
import {Shape} from "../libraries/InferenceFormat.sol";
import {Adapter} from "./Adapter.sol";

/// @title A wrapper whose model takes a private input that somebody signed.
interface ISignedInputVerifier is IInferenceVerifier {
    function verify(
        bytes32 inputCommitment,
        int256[] calldata output,
        uint256 context,
        uint256[2] calldata signer,
        bytes calldata proof
    ) external view returns (bool);
}

/// @title A wrapper for signed inputs, with one signer: of the shape PrivateInputContext.
/// @notice Who registers this in place of the wrapper accepts inputs that this signer
/// signed, and no others: a bank, a device.
contract SignedInputAdapter is Adapter, IPrivateInputContextVerifier {
    ISignedInputVerifier public immutable wrapper;

    /// @notice The signer's key: a point's coordinates.
    uint256 public immutable signerX;
    uint256 public immutable signerY;

    constructor(ISignedInputVerifier wrapper_, uint256[2] memory signer)
        Adapter(
            wrapper_,
            type(ISignedInputVerifier).interfaceId,
            Shape.PrivateInputContext,
            type(IPrivateInputContextVerifier).interfaceId
        )
    {
        wrapper = wrapper_;
        (signerX, signerY) = (signer[0], signer[1]);
    }

    /// @inheritdoc IPrivateInputContextVerifier
    function verify(bytes32 inputCommitment, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return wrapper.verify(inputCommitment, output, context, [signerX, signerY], proof);
    }
}
