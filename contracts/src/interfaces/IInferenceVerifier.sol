// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {Format, Shape} from "../libraries/InferenceFormat.sol";

/// @title The functions of every wrapper that `zkml export-verifier` writes.
/// @notice What a wrapper says of itself finds mistakes. It proves nothing: whoever writes
/// a wrapper writes this too.
/// @dev The wrappers are self-contained and do not import this file. They have these
/// functions nevertheless, and callers may use this interface for them. By ERC-165 they know
/// its identifier, and the selector of their `verify`, which is the identifier of one of
/// the interfaces below if they are of its shape.
interface IInferenceVerifier is IERC165 {
    /// @notice The SHA-256 digest of the verifying key, as zkml prints it.
    function VK_SHA256() external view returns (bytes32);

    /// @notice True if somebody may know the secret behind the key; then nothing is
    /// proved to anybody.
    function UNSAFE_SRS() external view returns (bool);

    /// @notice The version of zkml that made the key; empty if the key does not say.
    function ZKML_VERSION() external view returns (string memory);

    /// @notice Which arguments `verify` takes.
    function SHAPE() external view returns (Shape);

    /// @notice How many inputs a proof is about at once; 0 if it is not a batch.
    function BATCH() external view returns (uint256);

    /// @notice How many inputs the model has, and how many of its outputs a proof is about.
    function INPUTS() external view returns (uint256);
    function OUTPUTS() external view returns (uint256);

    /// @notice The format of an input or an output, by its number. Reverts if there is none.
    function inputFormat(uint256 index) external view returns (Format memory);
    function outputFormat(uint256 index) external view returns (Format memory);
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
