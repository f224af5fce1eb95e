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
/// | proved right, unchallenged | proposer | back | |
/// | proved wrong, unchallenged | prover | prover | |
/// | challenged, proved right | proposer | back | prover |
/// | challenged, proved wrong | prover | half challenger, half prover | back |
/// | challenged, nothing proved | requester | half challenger, half requester | back |
/// | nothing proposed | requester, or who proves | | |
///
/// @dev Half of a lost bond goes past the challenger, so that proposing nonsense and
/// challenging it oneself costs something. A bond should pay for a proof on chain and
/// for the harm of waiting. Who proposes takes care that the input is one that the model
/// takes: what cannot be proved cannot be defended.
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
    /// A request without a bond could be answered with anything.
    error NoBond();

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
    /// @param bond What who proposes and who challenges have to put up.
    function requestInference(Question calldata question, uint256 bond)
        external
        payable
        whenNotPaused
        nonReentrant
        returns (uint256 requestId)
    {
        if (bond == 0) revert NoBond();
        requestId = _ask(question, msg.value);
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
        emit Challenged(requestId, msg.sender, d.until);
    }

    /// @notice Settles a request by a proof, whatever was proposed before.
    /// @param input What was asked about: the event Requested has it.
    /// @param output What the model gives for it.
    /// @param proof Made for contextOf(requestId, sender) if the model has a context.
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
    /// proved. Anybody may call.
    function refund(uint256 requestId) external nonReentrant {
        Dispute storage d = _disputes[requestId];
        bool challenged = d.status == Status.Challenged;
        if (!challenged && d.status != Status.Open) revert WrongState(requestId);
        if (block.timestamp <= (challenged ? d.until : _asked[requestId].deadline)) {
            revert WrongTime(requestId);
        }
        d.status = Status.Refunded;
        address requester = _asked[requestId].requester;
        _credit(requester, _asked[requestId].fee);
        if (challenged) _forfeit(d, requester);
        emit Refunded(requestId);
    }

    /// @notice How far a request has come.
    function disputeOf(uint256 requestId) external view returns (Dispute memory) {
        return _disputes[requestId];
    }

    /// The proposal was right, by the sender's proof.
    function _uphold(uint256 requestId, Dispute storage d) private {
        _credit(d.proposer, d.bond + _asked[requestId].fee);
        if (d.challenger != address(0)) _credit(msg.sender, d.bond);
    }

    /// The proposal, if there was one, was wrong, by the sender's proof.
    function _overturn(uint256 requestId, Dispute storage d) private {
        _credit(msg.sender, _asked[requestId].fee);
        if (d.challenger != address(0)) _forfeit(d, msg.sender);
        else if (d.proposer != address(0)) _credit(msg.sender, d.bond);
    }

    /// The proposer's bond goes to the challenger and another one, by halves.
    function _forfeit(Dispute storage d, address other) internal virtual {
        uint256 half = d.bond / 2;
        _credit(d.challenger, d.bond + half);
        _credit(other, d.bond - half);
    }

    function _in(uint256 requestId, Status status) private view returns (Dispute storage d) {
        d = _disputes[requestId];
        if (d.status != status) revert WrongState(requestId);
    }
}
