// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BoundConsumer} from "./ModelConsumer.sol";

/// @title Admits accounts for which a model gives the required answer.
/// @notice A pass belongs to the account that proved, holds for a time, and ends with
/// the version of the model that gave it.
/// @dev A proof says what the model answers for an input. It does not say whose input
/// that is, nor that it is genuine. `_requireGenuine` has no default, because a gate
/// that does not check this admits everybody.
abstract contract Gate is BoundConsumer {
    event Passed(address indexed account, uint64 version, uint64 until);

    /// The model's answer does not open the gate.
    error NotAdmitted();
    /// The account has no pass, or it ended.
    error NoPass(address account);

    struct Pass {
        uint64 version;
        uint64 until;
    }

    /// @notice How long a pass holds, in seconds.
    uint64 public immutable validity;

    mapping(address account => Pass) private _passes;

    modifier onlyAdmitted() {
        if (!isAdmitted(msg.sender)) revert NoPass(msg.sender);
        _;
    }

    constructor(uint64 validity_) {
        validity = validity_;
    }

    /// @notice Proves, and gets a pass.
    /// @param input The bytes of a public input, or the 32 bytes of the commitment to a
    /// private one.
    /// @param proof Made for contextOf(sender).
    function enter(bytes calldata input, int256[] calldata output, bytes calldata proof) public virtual {
        _requireGenuine(msg.sender, input);
        if (!_admits(output)) revert NotAdmitted();
        _acceptProof(input, output, proof);
        Pass memory pass = Pass(modelVersion(), uint64(block.timestamp) + validity);
        _passes[msg.sender] = pass;
        emit Passed(msg.sender, pass.version, pass.until);
    }

    /// @notice Whether an account has a pass that holds now.
    function isAdmitted(address account) public view returns (bool) {
        Pass memory pass = _passes[account];
        // slither-disable-next-line incorrect-equality
        return pass.until >= block.timestamp && pass.version != 0 && pass.version == modelVersion();
    }

    /// Reverts unless the input is the account's and true.
    function _requireGenuine(address account, bytes calldata input) internal view virtual;

    /// Whether an output opens the gate. It may be of any length.
    function _admits(int256[] calldata output) internal view virtual returns (bool);
}
