// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
    IPrivateInputContextVerifier,
    IPrivateInputVerifier,
    IPublicInputContextVerifier,
    IPublicInputVerifier
} from "../interfaces/IInferenceVerifier.sol";
import {Shape} from "./InferenceFormat.sol";

/// @notice What a proof is about.
/// @param input The bytes that the wrapper takes, or, for a private input, the 32
/// bytes of its commitment.
/// @param output The class, or the scores: what the model reveals.
/// @param context What the proof was made for; zero for shapes without one.
struct Claim {
    bytes input;
    int256[] output;
    uint256 context;
}

/// @title Calls of generated wrappers, by shape.
library Inference {
    /// A private input is the 32 bytes of its commitment.
    error NotACommitment(uint256 length);
    /// The claim has a context, and proofs of this shape are bound to none.
    error UnexpectedContext(uint256 context);
    /// No claim has this shape.
    error UnsupportedShape(Shape shape);

    /// The domain of digests of public inputs.
    bytes32 internal constant INPUT_DOMAIN = keccak256("zkml input v1");

    /// @notice Whether proofs of this shape are bound to a context.
    function hasContext(Shape shape) internal pure returns (bool) {
        return shape == Shape.PublicInputContext || shape == Shape.PrivateInputContext;
    }

    /// @notice Whether the input is hidden behind a commitment.
    function hasPrivateInput(Shape shape) internal pure returns (bool) {
        return shape == Shape.PrivateInput || shape == Shape.PrivateInputContext;
    }

    /// @notice One word that fixes an input: the salted commitment to a private one,
    /// a digest in its own domain of a public one. The two kinds never meet, because
    /// a model has one shape.
    /// @return digest Zero for a private input that is not 32 bytes: no commitment.
    function inputDigest(Shape shape, bytes calldata input) internal pure returns (bytes32 digest) {
        if (!hasPrivateInput(shape)) return keccak256(abi.encodePacked(INPUT_DOMAIN, input));
        return input.length == 32 ? bytes32(input) : bytes32(0);
    }

    /// @notice Asks a wrapper whether a claim holds. A claim of another shape reverts: that
    /// is a caller's mistake, and no answer of the model's.
    /// @dev Reverts as the wrapper does too, which is when the gas did not suffice: that
    /// must never be taken for a false claim.
    function holds(address wrapper, Shape shape, Claim calldata claim, bytes calldata proof)
        internal
        view
        returns (bool)
    {
        if (hasPrivateInput(shape) && claim.input.length != 32) {
            revert NotACommitment(claim.input.length);
        }
        if (!hasContext(shape) && claim.context != 0) revert UnexpectedContext(claim.context);
        if (shape == Shape.PublicInput) {
            return IPublicInputVerifier(wrapper).verify(claim.input, claim.output, proof);
        }
        if (shape == Shape.PrivateInput) {
            return IPrivateInputVerifier(wrapper).verify(bytes32(claim.input), claim.output, proof);
        }
        if (shape == Shape.PublicInputContext) {
            return
                IPublicInputContextVerifier(wrapper).verify(claim.input, claim.output, claim.context, proof);
        }
        if (shape != Shape.PrivateInputContext) revert UnsupportedShape(shape);
        return IPrivateInputContextVerifier(wrapper)
            .verify(bytes32(claim.input), claim.output, claim.context, proof);
    }

    /// @notice Turns a hash into a number to which a proof can be bound: three bits are
    /// dropped, to stay below the size of the proof system's field.
    function context(bytes32 hash) internal pure returns (uint256) {
        return uint256(hash) >> 3;
    }
}
