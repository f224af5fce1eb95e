// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title An example: a vault that a verified fraud score pauses.
/// @notice The vault itself writes the model's input, from its own withdrawals of the
/// last hours. Anybody who proves that the model's score of it reaches the threshold
/// pauses withdrawals for a while. Nobody has to be trusted to watch, and nobody can
/// make up what was seen.
contract GuardedVault is ModelConsumer, Ownable2Step, ReentrancyGuard {
    /// @notice The model's input: the hours it sees, and the bits of each share.
    uint256 public constant HOURS = 16;
    uint256 public constant SHARE = 1023;

    /// @notice How old an observation may be: the time to make a proof and send it.
    uint64 public constant FRESH = 30 minutes;

    /// @notice How long an alarm stops withdrawals, and for how long after that no other
    /// one can: the most that false alarms can do is one hour in five.
    uint64 public constant PAUSE = 6 hours;
    uint64 public constant COOLDOWN = 24 hours;

    /// @notice How long a new version of a model that is followed is known beforehand.
    uint64 public constant NOTICE = 7 days;

    event Observed(bytes32 indexed digest, bytes features);
    event Tripped(address indexed by, int256 score, uint64 until);
    event Lifted();

    /// Withdrawals are stopped until then.
    error Stopped(uint64 until);
    /// Who deposits cannot withdraw before then.
    error JustDeposited(uint256 until);
    /// These are no withdrawals that the vault saw, or not lately.
    error NotObserved();
    /// The score is below the threshold.
    error NoAlarm(int256 score);
    /// There was an alarm not long ago.
    error CoolingDown(uint64 until);
    /// The receiver refused the money.
    error TransferFailed();

    /// @notice The score that stops withdrawals: a real number times 1e18.
    int256 public immutable threshold;

    /// @notice Until when withdrawals are stopped, and when there was an alarm.
    uint64 public stoppedUntil;
    uint64 public trippedAt;

    mapping(address account => uint256) public balanceOf;
    mapping(address account => uint256 hour) public depositedAt;
    mapping(uint256 hour => uint256) public outflow;
    mapping(bytes32 digest => uint64) public observedAt;

    constructor(
        IModelRegistry registry_,
        uint256 modelId_,
        uint64 pinnedVersion_,
        int256 threshold_,
        address owner_
    ) ModelConsumer(registry_, modelId_, pinnedVersion_, NOTICE) Ownable(owner_) {
        threshold = threshold_;
    }

    /// @notice Takes money, which leaves in a later hour at the earliest.
    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
        depositedAt[msg.sender] = block.timestamp / 1 hours;
    }

    /// @notice Pays money back. Not in the hour of the account's last deposit: who borrows
    /// money for one transaction cannot make it look like a drain.
    function withdraw(uint256 amount) external nonReentrant {
        if (block.timestamp < stoppedUntil) revert Stopped(stoppedUntil);
        uint256 later = (depositedAt[msg.sender] + 1) * 1 hours;
        if (block.timestamp < later) revert JustDeposited(later);
        balanceOf[msg.sender] -= amount;
        outflow[block.timestamp / 1 hours] += amount;
        // What is noted is the vault without the money: it comes last, and anybody may note it
        // at any time.
        // slither-disable-next-line reentrancy-benign
        (bool sent,) = msg.sender.call{value: amount}("");
        if (!sent) revert TransferFailed();
        observe();
    }

    /// @notice Notes the features of now, so that a proof about them is taken for a while.
    /// Every withdrawal does it; so a drain cannot dodge its proof by one more withdrawal.
    function observe() public returns (bytes memory seen) {
        seen = features();
        bytes32 digest = keccak256(seen);
        observedAt[digest] = uint64(block.timestamp);
        emit Observed(digest, seen);
    }

    /// @notice Stops withdrawals, by a proof that the model sees a drain.
    /// @param seen Features that the vault noted lately: the event Observed has them.
    function trip(bytes calldata seen, int256[] calldata output, bytes calldata proof) external {
        uint64 noted = observedAt[keccak256(seen)];
        if (noted == 0 || block.timestamp > noted + FRESH) revert NotObserved();
        if (trippedAt != 0 && block.timestamp < trippedAt + PAUSE + COOLDOWN) {
            revert CoolingDown(trippedAt + PAUSE + COOLDOWN);
        }
        _requireFact(seen, output, 0, proof);
        if (!_reaches(output[0], threshold)) revert NoAlarm(output[0]);
        trippedAt = uint64(block.timestamp);
        stoppedUntil = trippedAt + PAUSE;
        emit Tripped(msg.sender, output[0], stoppedUntil);
    }

    /// @notice Ends a false alarm early. The next one still waits.
    function lift() external onlyOwner {
        stoppedUntil = 0;
        emit Lifted();
    }

    /// @notice The model's input: of each of the last hours, the newest first, the share
    /// of what could have been withdrawn that was, in 1/1023; two bytes each, as the
    /// wrapper takes them.
    function features() public view returns (bytes memory encoded) {
        uint256 hour = block.timestamp / 1 hours;
        uint256 there = address(this).balance;
        for (uint256 i = 0; i < HOURS && i <= hour; i++) {
            there += outflow[hour - i];
        }
        encoded = new bytes(2 * HOURS);
        if (there == 0) return encoded;
        for (uint256 i = 0; i < HOURS && i <= hour; i++) {
            uint256 share = outflow[hour - i] * SHARE / there;
            encoded[2 * i] = bytes1(uint8(share >> 8));
            encoded[2 * i + 1] = bytes1(uint8(share));
        }
    }
}
