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
/// | nothing proposed | requester | | |
/// | proved before any proposal | prover | | |
/// | silence | proposer | back | |
/// | proved right, unchallenged | prover | back | |
/// | challenged, proved right | prover | back | half proposer, half requester |
/// | challenged, proved wrong | prover | half challenger, half requester | back |
/// | challenged, nothing proved | requester | half challenger, half requester | back |
/// | proposed, never finalised | requester | back | |
///
/// The table follows from two rules. A proof earns the fee whatever came before it, and
/// decides who loses a bond, never who gets it: so it does not matter who proves, nor
/// when. And half of a lost bond goes to the asker, whom wrong answers and unfounded
/// challenges keep waiting: so these cost their author half a bond, even if challenger and
/// prover are other accounts of the same person.
///
/// @dev A proof against a wrong proposal is accepted only after a challenge. Otherwise
/// whoever sees such a proof waiting could challenge just before it, without a risk; and a
/// challenger must gain even if the liar himself proves immediately afterwards, which
/// looks the same. A bond is at least two fees: a proposer who is challenged and right then
/// gets no less than without a challenge, and no fee makes up for a lost bond. No rule
/// depends on the order of blocks.
///
/// Proofs have to be bound to their senders by a context: others could be copied from the
/// mempool for the fee. Proposers must check that the model accepts the input: an answer
/// that cannot be proved cannot be defended. A contract that asks can be owed a part of a
/// bond: it should be able to withdraw.
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
        bytes32 outputHash;
        uint256 bond;
    }

    event Proposed(
        uint256 indexed requestId, address indexed proposer, uint64 challengeUntil, int256[] output
    );
    event Challenged(uint256 indexed requestId, address indexed challenger, uint64 proveUntil);

    /// The value is not the bond.
    error WrongBond(uint256 bond);
    /// With a bond below two fees, or of zero, answering at random would pay.
    error BondTooSmall(uint256 least);
    /// Nobody challenged the proposal, and the proof shows another answer: challenge first.
    error NotChallenged(uint256 requestId);
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
    /// @param bond What proposer and challenger each have to put up: two fees or more.
    function requestInference(Question calldata question, uint256 bond)
        external
        payable
        whenNotPaused
        returns (uint256 requestId)
    {
        if (bond == 0 || bond / 2 < msg.value) {
            revert BondTooSmall(msg.value == 0 ? 1 : 2 * msg.value);
        }
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

    /// @notice Challenges a proposed answer, with the bond as the value. Whoever can prove
    /// another one challenges first, and sends the proof when the challenge is on the chain.
    function challenge(uint256 requestId) external payable nonReentrant {
        Dispute storage d = _in(requestId, Status.Proposed);
        if (block.timestamp > d.until) revert WrongTime(requestId);
        if (msg.value != d.bond) revert WrongBond(d.bond);
        d.status = Status.Challenged;
        d.until = uint64(block.timestamp) + proofWindow;
        d.challenger = msg.sender;
        emit Challenged(requestId, msg.sender, d.until);
    }

    /// @notice Settles a request with a proof, and earns its fee: before any proposal, for
    /// a proposal, or for or against one that was challenged. After a challenge anybody may
    /// do so, even if the question names a prover.
    /// @param input What was asked about: the event Requested has it.
    /// @param output What the model gives for it.
    /// @param proof Made for contextOf(requestId, sender).
    function prove(uint256 requestId, bytes calldata input, int256[] calldata output, bytes calldata proof)
        external
        nonReentrant
    {
        Dispute storage d = _disputes[requestId];
        Status status = d.status;
        if (block.timestamp > _until(requestId, d)) revert WrongTime(requestId);
        bool right = d.outputHash == keccak256(abi.encode(output));
        if (status == Status.Proposed && !right) revert NotChallenged(requestId);
        if (status != Status.Challenged) _onlyProver(requestId);
        _check(requestId, input, output, proof);
        d.status = Status.Settled;
        _credit(msg.sender, _asked[requestId].fee);
        if (status == Status.Proposed) _credit(d.proposer, d.bond);
        if (status == Status.Challenged) _decide(requestId, d, right ? d.proposer : d.challenger);
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
        uint256 grace = status == Status.Proposed ? MAX_DURATION : 0;
        if (block.timestamp <= _until(requestId, d) + grace) revert WrongTime(requestId);
        d.status = Status.Refunded;
        _credit(_asked[requestId].requester, _asked[requestId].fee);
        if (status == Status.Proposed) _credit(d.proposer, d.bond);
        if (status == Status.Challenged) _decide(requestId, d, d.challenger);
        emit Refunded(requestId);
    }

    /// @notice How far a request has come.
    function disputeOf(uint256 requestId) external view returns (Dispute memory) {
        return _disputes[requestId];
    }

    /// Pays the bonds of a proposal that was challenged: the winner gets his own and half
    /// of the other, the asker the rest. The caller gets nothing, since it may be the loser.
    function _decide(uint256 requestId, Dispute storage d, address winner) internal virtual {
        uint256 half = d.bond / 2;
        _credit(winner, d.bond + half);
        _credit(_asked[requestId].requester, d.bond - half);
    }

    /// The last second in which the next step may be taken.
    function _until(uint256 requestId, Dispute storage d) private view returns (uint256) {
        if (d.status == Status.Open) return _asked[requestId].deadline;
        if (d.status == Status.Proposed || d.status == Status.Challenged) return d.until;
        revert WrongState(requestId);
    }

    function _in(uint256 requestId, Status status) private view returns (Dispute storage d) {
        d = _disputes[requestId];
        if (d.status != status) revert WrongState(requestId);
    }
}
