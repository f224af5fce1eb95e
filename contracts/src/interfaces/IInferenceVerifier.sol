// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The functions of every wrapper that `zkml export-verifier` writes.
/// @dev The wrappers are self-contained and do not import this file. They have these
/// functions nevertheless, and callers may use this interface for them.
interface IInferenceVerifier {
    /// @notice The SHA-256 digest of the verifying key, as zkml prints it.
    function VK_SHA256() external view returns (bytes32);

    /// @notice True if somebody may know the secret behind the key; then nothing is
    /// proved to anybody.
    function UNSAFE_SRS() external view returns (bool);
}

/// @title A wrapper whose model takes a public input.
interface IPublicInputVerifier is IInferenceVerifier {
    /// @notice Whether the model gives `output` for `input`. False for everything that
    /// does not hold; the only revert says that the gas did not suffice.
    function verify(bytes calldata input, int256[] calldata output, bytes calldata proof)
        external
        view
        returns (bool);
}

/// @title A wrapper whose model takes a private input, fixed by a salted commitment.
interface IPrivateInputVerifier is IInferenceVerifier {
    /// @notice Whether the model gives `output` for the input behind `inputCommitment`.
    function verify(bytes32 inputCommitment, int256[] calldata output, bytes calldata proof)
        external
        view
        returns (bool);
}

/// @title A wrapper for a public input, whose proofs hold for one context.
interface IPublicInputContextVerifier is IInferenceVerifier {
    /// @notice Whether the proof shows the prediction and was made for `context`.
    function verify(bytes calldata input, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool);
}

/// @title A wrapper for a private input, whose proofs hold for one context.
interface IPrivateInputContextVerifier is IInferenceVerifier {
    /// @notice Whether the proof shows the prediction and was made for `context`.
    function verify(bytes32 inputCommitment, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool);
}
