// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Hub} from "./Hub.sol";

/// @title Answers without a proof, which stand unless somebody challenges them.
/// @notice Somebody proposes an answer with a bond. If a window passes in silence it
/// stands. A challenge puts up the same bond and calls for one proof, which decides:
/// there is no game of bisection, because one proof is as large as any other.
///
/// | what happens | fee | proposer's bond | challenger's bond |
/// |---|---|---|---|
/// | silence | proposer | back | |
/// | proved right, unchallenged | prover | back | |
/// | proved wrong, unchallenged | prover | prover | |
/// | challenged, proved right | proposer | back | prover |
/// | challenged, proved wrong | prover | half challenger, half prover | back |
/// | challenged, nothing proved | requester | half challenger, half requester | back |
/// | nothing proposed | requester, or who proves | | |
/// | proposed, never finalised | requester | back | |
///
/// A proof that is waiting to be included can be seen, and answered by a proposal or a
/// challenge that comes before it. Neither earns anything: against a proof, a challenge
/// counts from the next block on. In the block of the proof it is as none, and the
/// challenger's bond goes back, or to the prover if the proposal is right.
///
/// @dev Proofs have to be bound to their senders by a context: others could be copied
/// out of the mempool, by the liar himself, so that no bond would ever be lost. Half of a
/// lost bond goes past the challenger, so that proposing nonsense and challenging it
/// oneself costs something. A bond should pay for a proof on chain and for the harm of
/// waiting. Who proposes takes care that the input is one that the model takes: what
/// cannot be proved cannot be defended.
contract OptimisticHub is Hub {
    enum Status {
        None,
        Open,
        Proposed,
        Challenged,
        Settled,
        Refunded
    }

    struct Dispute {
        Status status;
        uint64 until;
        address proposer;
        address challenger;
        uint64 challengedIn;
        bytes32 outputHash;
        uint256 bond;
    }

    event Proposed(
        uint256 indexed requestId, address indexed proposer, uint64 challengeUntil, int256[] output
    );
    event Challenged(uint256 indexed requestId, address indexed challenger, uint64 proveUntil);

    /// The value is not the bond.
    error WrongBond(uint256 bond);
    /// A request without a bond could be answered with anything.
    error NoBond();
    /// The model's proofs are not bound to their senders; InferenceHub takes it.
    error NoContext(uint256 modelId);

    /// @notice How long a proposal waits for a challenge, in seconds.
    uint64 public immutable challengeWindow;

    /// @notice How long a challenge waits for a proof, in seconds.
    uint64 public immutable proofWindow;

    mapping(uint256 requestId => Dispute) private _disputes;

    constructor(IModelRegistry registry_, address owner_, uint64 challengeWindow_, uint64 proofWindow_)
        Hub(registry_, owner_)
    {
        challengeWindow = challengeWindow_;
        proofWindow = proofWindow_;
    }

    /// @notice Asks a question, with the fee as the value.
    /// @param question About a model whose proofs have a context: others are refused.
    /// @param bond What who proposes and who challenges have to put up.
    function requestInference(Question calldata question, uint256 bond)
        external
        payable
        whenNotPaused
        returns (uint256 requestId)
    {
        if (bond == 0) revert NoBond();
        requestId = _ask(question, msg.value);
        if (!_asked[requestId].bound) revert NoContext(question.modelId);
        _disputes[requestId].status = Status.Open;
        _disputes[requestId].bond = bond;
    }

    /// @notice Proposes an answer, with the bond as the value.
    function propose(uint256 requestId, int256[] calldata output) external payable nonReentrant {
        Dispute storage d = _in(requestId, Status.Open);
        if (block.timestamp > _asked[requestId].deadline) revert WrongTime(requestId);
        _onlyProver(requestId);
        if (msg.value != d.bond) revert WrongBond(d.bond);
        d.status = Status.Proposed;
        d.until = uint64(block.timestamp) + challengeWindow;
        d.proposer = msg.sender;
        d.outputHash = keccak256(abi.encode(output));
        emit Proposed(requestId, msg.sender, d.until, output);
    }

    /// @notice Doubts a proposed answer, with the bond as the value. For who cannot
    /// prove the right answer; who can calls `prove`, and needs no bond.
    function challenge(uint256 requestId) external payable nonReentrant {
        Dispute storage d = _in(requestId, Status.Proposed);
        if (block.timestamp > d.until) revert WrongTime(requestId);
        if (msg.value != d.bond) revert WrongBond(d.bond);
        d.status = Status.Challenged;
        d.until = uint64(block.timestamp) + proofWindow;
        d.challenger = msg.sender;
        d.challengedIn = uint64(block.number);
        emit Challenged(requestId, msg.sender, d.until);
    }

    /// @notice Settles a request by a proof, whatever was proposed before.
    /// @param input What was asked about: the event Requested has it.
    /// @param output What the model gives for it.
    /// @param proof Made for contextOf(requestId, sender).
    function prove(uint256 requestId, bytes calldata input, int256[] calldata output, bytes calldata proof)
        external
        nonReentrant
    {
        Dispute storage d = _disputes[requestId];
        Status status = d.status;
        if (status == Status.Open) _onlyProver(requestId);
        else if (status != Status.Proposed && status != Status.Challenged) revert WrongState(requestId);
        if (block.timestamp > (status == Status.Open ? _asked[requestId].deadline : d.until)) {
            revert WrongTime(requestId);
        }
        _check(requestId, input, output, proof);
        d.status = Status.Settled;
        if (d.outputHash == keccak256(abi.encode(output))) _uphold(requestId, d);
        else _overturn(requestId, d);
        emit Answered(requestId, msg.sender, output);
        _deliver(requestId, output);
    }

    /// @notice Settles a request whose proposal nobody challenged. Anybody may call.
    /// @param output What was proposed: the event Proposed has it.
    function finalise(uint256 requestId, int256[] calldata output) external nonReentrant {
        Dispute storage d = _in(requestId, Status.Proposed);
        if (block.timestamp <= d.until) revert WrongTime(requestId);
        if (d.outputHash != keccak256(abi.encode(output))) revert NothingToDeliver(requestId);
        d.status = Status.Settled;
        _credit(d.proposer, d.bond + _asked[requestId].fee);
        emit Answered(requestId, d.proposer, output);
        _deliver(requestId, output);
    }

    /// @notice Ends a request that got no answer, or whose answer was challenged and not
    /// proved, or whose proposal stands but was not finalised for MAX_DURATION: it may be
    /// too long for a block. Anybody may call.
    function refund(uint256 requestId) external nonReentrant {
        Dispute storage d = _disputes[requestId];
        Status status = d.status;
        if (block.timestamp <= _refundableAfter(requestId, d)) revert WrongTime(requestId);
        d.status = Status.Refunded;
        address requester = _asked[requestId].requester;
        _credit(requester, _asked[requestId].fee);
        if (status == Status.Challenged) _forfeit(d, requester);
        if (status == Status.Proposed) _credit(d.proposer, d.bond);
        emit Refunded(requestId);
    }

    /// @notice How far a request has come.
    function disputeOf(uint256 requestId) external view returns (Dispute memory) {
        return _disputes[requestId];
    }

    /// The proposal was right, by the sender's proof.
    function _uphold(uint256 requestId, Dispute storage d) private {
        _credit(d.proposer, d.bond);
        _credit(_doubted(d) ? d.proposer : msg.sender, _asked[requestId].fee);
        if (d.challenger != address(0)) _credit(msg.sender, d.bond);
    }

    /// The proposal, if there was one, was wrong, by the sender's proof.
    function _overturn(uint256 requestId, Dispute storage d) private {
        _credit(msg.sender, _asked[requestId].fee);
        if (_doubted(d)) {
            _forfeit(d, msg.sender);
            return;
        }
        if (d.proposer != address(0)) _credit(msg.sender, d.bond);
        if (d.challenger != address(0)) _credit(d.challenger, d.bond);
    }

    /// Whether there is a challenge that counts: one from an earlier block.
    function _doubted(Dispute storage d) private view returns (bool) {
        return d.challenger != address(0) && d.challengedIn < block.number;
    }

    /// The proposer's bond goes to the challenger and another one, by halves.
    function _forfeit(Dispute storage d, address other) internal virtual {
        uint256 half = d.bond / 2;
        _credit(d.challenger, d.bond + half);
        _credit(other, d.bond - half);
    }

    /// Until when a request may still be settled otherwise.
    function _refundableAfter(uint256 requestId, Dispute storage d) private view returns (uint256) {
        if (d.status == Status.Open) return _asked[requestId].deadline;
        if (d.status == Status.Proposed) return uint256(d.until) + MAX_DURATION;
        if (d.status == Status.Challenged) return d.until;
        revert WrongState(requestId);
    }

    function _in(uint256 requestId, Status status) private view returns (Dispute storage d) {
        d = _disputes[requestId];
        if (d.status != status) revert WrongState(requestId);
    }
}
