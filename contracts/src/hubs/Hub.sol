// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {IHub} from "../interfaces/IHub.sol";
import {IInferenceConsumer} from "../interfaces/IInferenceConsumer.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Claim, Inference, Shape} from "../libraries/Inference.sol";

/// @title What both hubs are made of: questions, checks of proofs, call backs, payments.
/// @notice Money leaves only by withdrawal, so that a receiver that refuses it hinders
/// nobody else.
/// @dev The owner can pause new requests and nothing else: open ones are settled,
/// refunded and paid out as usual.
abstract contract Hub is IHub, Ownable2Step, Pausable, ReentrancyGuard {
    using LowLevelCall for address;

    /// @notice The longest time a request may be open.
    uint64 public constant MAX_DURATION = 30 days;

    /// @notice The most gas that a call back may ask for: whoever settles pays for it.
    uint32 public constant MAX_CALLBACK_GAS = 1_000_000;

    /// What a call back costs beyond the gas that its receiver gets.
    uint256 private constant CALL_OVERHEAD = 20_000;

    /// @notice Where models are looked up.
    IModelRegistry public immutable registry;

    /// @inheritdoc IHub
    mapping(address account => uint256) public owed;

    /// @notice The number of requests so far; they count from 1.
    uint256 public requests;

    /// What is kept of a question. `bound` tells that the model's proofs have a context.
    struct Asked {
        address requester;
        uint64 deadline;
        uint32 callbackGas;
        address prover;
        uint64 version;
        bool bound;
        uint256 modelId;
        bytes32 inputDigest;
        uint256 fee;
    }

    mapping(uint256 requestId => Asked) internal _asked;
    mapping(uint256 requestId => bytes32 messageHash) private _undelivered;

    constructor(IModelRegistry registry_, address owner_) Ownable(owner_) {
        registry = registry_;
    }

    /// @notice Stops new requests.
    function pause() external onlyOwner {
        _pause();
    }

    /// @notice Allows new requests again.
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @inheritdoc IHub
    function withdraw(address to) external nonReentrant returns (uint256 amount) {
        if (to == address(0)) revert TransferFailed(to);
        amount = owed[msg.sender];
        owed[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amount);
        (bool sent,) = to.call{value: amount}("");
        if (!sent) revert TransferFailed(to);
    }

    /// @inheritdoc IHub
    function redeliver(uint256 requestId, int256[] calldata output) external nonReentrant {
        bytes memory message = _message(requestId, output);
        bytes32 hash = _undelivered[requestId];
        if (hash == 0 || hash != keccak256(message)) revert NothingToDeliver(requestId);
        delete _undelivered[requestId];
        emit Delivered(requestId);
        _requireGas(requestId);
        if (!_asked[requestId].requester.callNoReturn(message)) LowLevelCall.bubbleRevert();
    }

    /// @inheritdoc IHub
    function contextOf(uint256 requestId, address prover) public view returns (uint256) {
        return Inference.context(keccak256(abi.encode(block.chainid, address(this), requestId, prover)));
    }

    /// @notice What is kept of a request's question.
    function asked(uint256 requestId) external view returns (Asked memory) {
        return _asked[requestId];
    }

    /// Takes a question with a fee. The version is fixed now. It needs no guard, so that a
    /// contract may ask again when it is called back: it only calls views of the registry,
    /// and writes only the new request.
    function _ask(Question calldata question, uint256 fee) internal returns (uint256 requestId) {
        if (question.deadline <= block.timestamp || question.deadline > block.timestamp + MAX_DURATION) {
            revert DeadlineOutOfRange(question.deadline);
        }
        if (question.callbackGas > MAX_CALLBACK_GAS) revert CallbackGasOutOfRange(question.callbackGas);
        uint64 version = question.version;
        if (version == 0) {
            if (registry.isDeprecated(question.modelId)) revert ModelIsDeprecated(question.modelId);
            version = registry.currentVersion(question.modelId);
        }
        Shape shape = registry.versionOf(question.modelId, version).shape;
        bytes32 digest = Inference.inputDigest(shape, question.input);
        if (digest == 0) revert NotACommitment();
        requestId = ++requests;
        _asked[requestId] = Asked({
            requester: msg.sender,
            deadline: question.deadline,
            callbackGas: question.callbackGas,
            prover: question.prover,
            version: version,
            bound: Inference.hasContext(shape),
            modelId: question.modelId,
            inputDigest: digest,
            fee: fee
        });
        _announce(requestId, question, version, fee);
    }

    function _announce(uint256 requestId, Question calldata question, uint64 version, uint256 fee) private {
        emit Requested(
            requestId,
            msg.sender,
            question.modelId,
            version,
            fee,
            question.deadline,
            question.prover,
            question.callbackGas,
            question.input
        );
    }

    /// Reverts unless the caller's proof shows the output for the input asked about.
    function _check(uint256 requestId, bytes calldata input, int256[] calldata output, bytes calldata proof)
        internal
        view
    {
        Asked storage a = _asked[requestId];
        if (registry.inputDigest(a.modelId, a.version, input) != a.inputDigest) revert WrongInput(requestId);
        Claim memory claim = Claim(input, output, a.bound ? contextOf(requestId, msg.sender) : 0);
        if (!registry.verifyClaim(a.modelId, a.version, claim, proof)) revert InvalidProof(requestId);
    }

    /// Reverts unless the sender may be the first to answer.
    function _onlyProver(uint256 requestId) internal view {
        address prover = _asked[requestId].prover;
        if (prover != address(0) && prover != msg.sender) revert NotTheProver(requestId, prover);
    }

    /// Adds to what an account can withdraw.
    function _credit(address account, uint256 amount) internal virtual {
        owed[account] += amount;
    }

    /// Calls the asker back. Whatever it does, the settlement stands: it gets a fixed
    /// amount of gas, none of its answer is read, and a failure is noted for `redeliver`.
    /// Whoever settles cannot make it fail by giving too little gas.
    function _deliver(uint256 requestId, int256[] calldata output) internal {
        uint256 allowance = _asked[requestId].callbackGas;
        if (allowance == 0) return;
        address to = _asked[requestId].requester;
        bytes memory message = _message(requestId, output);
        _requireGas(requestId);
        bool done;
        assembly ("memory-safe") {
            done := call(allowance, to, 0, add(message, 0x20), mload(message), 0, 0)
        }
        if (done) {
            emit Delivered(requestId);
        } else {
            _undelivered[requestId] = keccak256(message);
            emit Undelivered(requestId);
        }
    }

    /// Reverts unless the gas that the asker wants is left for a call. It is called after
    /// the message is encoded, because encoding a long output costs much gas.
    function _requireGas(uint256 requestId) private view {
        uint256 allowance = _asked[requestId].callbackGas;
        if (gasleft() < allowance + allowance / 63 + CALL_OVERHEAD) revert GasTooLow(requestId);
    }

    /// The call back's data.
    function _message(uint256 requestId, int256[] calldata output) private pure returns (bytes memory) {
        return abi.encodeCall(IInferenceConsumer.onInference, (requestId, output));
    }
}
