// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Hub} from "./Hub.sol";

/// @title Answers for a fee, each with its proof.
/// @notice Anybody may fulfil a request with a proof; the fee is theirs, and the asker is
/// called back in the same transaction. A request that nobody fulfils is refunded after
/// its deadline.
/// @dev The proofs of a model with a context are bound to this chain, this hub, one
/// request and one prover, so that nobody can take one from the mempool and earn its
/// fee. Those of a model without are not: name a prover in the question, or accept that
/// the fee may go to whoever copies the proof first. The answer is right either way.
contract InferenceHub is Hub {
    enum Status {
        None,
        Open,
        Fulfilled,
        Refunded
    }

    /// @notice How far a request has come.
    mapping(uint256 requestId => Status) public statusOf;

    constructor(IModelRegistry registry_, address owner_) Hub(registry_, owner_) {}

    /// @notice Asks a question, with the fee as the value.
    function requestInference(Question calldata question)
        external
        payable
        whenNotPaused
        returns (uint256 requestId)
    {
        requestId = _ask(question, msg.value);
        _move(requestId, Status.Open);
    }

    /// @notice Answers a request with a proof, and earns its fee.
    /// @param input What was asked about: the event Requested has it.
    /// @param output What the model gives for it.
    /// @param proof Made for contextOf(requestId, sender) if the model has a context.
    function fulfil(uint256 requestId, bytes calldata input, int256[] calldata output, bytes calldata proof)
        external
        nonReentrant
    {
        if (statusOf[requestId] != Status.Open) revert WrongState(requestId);
        if (block.timestamp > _asked[requestId].deadline) revert WrongTime(requestId);
        _onlyProver(requestId);
        _check(requestId, input, output, proof);
        _move(requestId, Status.Fulfilled);
        _credit(msg.sender, _asked[requestId].fee);
        emit Answered(requestId, msg.sender, output);
        _deliver(requestId, output);
    }

    /// @notice Gives back the fee of a request that nobody fulfilled. Anybody may call.
    function refund(uint256 requestId) external nonReentrant {
        if (statusOf[requestId] != Status.Open) revert WrongState(requestId);
        if (block.timestamp <= _asked[requestId].deadline) revert WrongTime(requestId);
        _move(requestId, Status.Refunded);
        _credit(_asked[requestId].requester, _asked[requestId].fee);
        emit Refunded(requestId);
    }

    function _move(uint256 requestId, Status status) internal virtual {
        statusOf[requestId] = status;
    }
}
