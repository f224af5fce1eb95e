// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title An example: bets on what a model will see in a picture yet to be taken.
/// @notice Bets on classes close. Then a source, named at the start, posts the digest of
/// the picture, and anybody settles with the picture and a proof of its class: the
/// winners share the pool. If that does not happen in time, everybody is paid back.
contract ClassificationMarket is ModelConsumer, ReentrancyGuard {
    event Bet(address indexed by, uint256 indexed class, uint256 amount);
    event Pictured(bytes32 digest);
    event Settled(uint256 indexed class);
    event Paid(address indexed to, uint256 amount);

    /// A market on a model that may change would be a market on its owner.
    error VersionNotPinned();
    /// It is too early or too late for this.
    error WrongTime();
    /// The model has no such class.
    error UnknownClass(uint256 class);
    /// Only the source says which picture counts, and once.
    error NotTheSource();
    /// This is not the picture that the source posted.
    error WrongPicture();
    /// The class was settled before.
    error AlreadySettled();
    /// Nothing is due to the caller.
    error NothingDue();
    /// The receiver refused the money.
    error TransferFailed();

    /// @notice Who says which picture counts, the number of classes, and the times.
    address public immutable source;
    uint256 public immutable classes;
    uint64 public immutable closesAt;
    uint64 public immutable settlesBy;

    bytes32 public picture;
    bool public settled;
    uint256 public winner;
    uint256 public pool;
    mapping(uint256 class => uint256) public poolOf;
    mapping(address account => mapping(uint256 class => uint256)) public stakeOf;

    constructor(
        IModelRegistry registry_,
        uint256 modelId_,
        uint64 pinnedVersion_,
        address source_,
        uint256 classes_,
        uint64 closesAt_,
        uint64 settlesBy_
    ) ModelConsumer(registry_, modelId_, pinnedVersion_, 0) {
        if (pinnedVersion_ == 0) revert VersionNotPinned();
        if (source_ == address(0)) revert NotTheSource();
        if (closesAt_ <= block.timestamp || settlesBy_ <= closesAt_) revert WrongTime();
        source = source_;
        classes = classes_;
        closesAt = closesAt_;
        settlesBy = settlesBy_;
    }

    function bet(uint256 class) external payable {
        if (block.timestamp >= closesAt) revert WrongTime();
        if (class >= classes) revert UnknownClass(class);
        stakeOf[msg.sender][class] += msg.value;
        poolOf[class] += msg.value;
        pool += msg.value;
        emit Bet(msg.sender, class, msg.value);
    }

    /// @notice Says which picture counts: keccak256 of the bytes that the wrapper takes.
    function post(bytes32 digest) external {
        if (msg.sender != source || picture != 0) revert NotTheSource();
        if (block.timestamp < closesAt || block.timestamp > settlesBy) revert WrongTime();
        picture = digest;
        emit Pictured(digest);
    }

    /// @notice Settles by the picture and a proof of its class. Anybody may.
    function settle(bytes calldata input, int256[] calldata class, bytes calldata proof) external {
        if (settled) revert AlreadySettled();
        if (block.timestamp > settlesBy) revert WrongTime();
        if (picture == 0 || keccak256(input) != picture) revert WrongPicture();
        _requireFact(input, class, 0, proof);
        settled = true;
        winner = uint256(class[0]);
        emit Settled(winner);
    }

    /// @notice Pays a winner, or everybody if nothing was settled in time or nobody won.
    function claim() external nonReentrant {
        if (!settled && block.timestamp <= settlesBy) revert WrongTime();
        bool won = settled && poolOf[winner] != 0;
        uint256 due = 0;
        for (uint256 class = 0; class < classes; class++) {
            if (won && class != winner) continue;
            uint256 stake = stakeOf[msg.sender][class];
            delete stakeOf[msg.sender][class];
            due += won ? stake * pool / poolOf[winner] : stake;
        }
        if (due == 0) revert NothingDue();
        emit Paid(msg.sender, due);
        (bool sent,) = msg.sender.call{value: due}("");
        if (!sent) revert TransferFailed();
    }
}
