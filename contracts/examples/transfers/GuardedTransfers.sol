// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title An example: a transfer passes with a proof that a model does not call it fraud.
/// @notice The contract writes the model's input itself, from its own books: nobody attests
/// anything, and nobody can make a transfer look better than it is. Without a proof a
/// transfer waits for a day, in which the account's guardian can stop it.
contract GuardedTransfers is ModelConsumer, ReentrancyGuard {
    /// @notice The class that passes.
    int256 public constant ORDINARY = 0;

    /// @notice How old the time may be for which a proof was made.
    uint64 public constant FRESH = 30 minutes;

    /// @notice How long a transfer without a proof waits.
    uint64 public constant DELAY = 1 days;

    /// @notice How long a new version of a model that is followed is known beforehand.
    uint64 public constant NOTICE = 7 days;

    event Paid(address indexed from, address indexed to, uint256 amount, bool proved);
    event Announced(address indexed from, address indexed to, uint256 amount, uint64 due);
    event Cancelled(address indexed from, address indexed by);

    /// The account has another guardian, named when it was opened.
    error GuardianIsFixed(address guardian);
    /// A proof is about a time after the account's last transfer, and not long ago.
    error NotFresh(uint64 time);
    /// The model calls the transfer something else than ordinary.
    error NotOrdinary(int256 class);
    /// Nothing is announced, or it still waits.
    error NotDue(uint64 due);
    /// Only the account and its guardian may cancel.
    error NotGuardian();
    /// The receiver refused the money.
    error TransferFailed();

    /// @param paid All that left the account, in `count` transfers.
    /// @param onDay How many of these were on the day of the last one.
    struct Account {
        uint256 balance;
        uint256 paid;
        uint64 count;
        uint64 onDay;
        uint64 openedAt;
        uint64 lastAt;
        address guardian;
    }

    struct Announcement {
        address to;
        uint64 due;
        uint256 amount;
    }

    mapping(address owner => Account) public accountOf;
    mapping(address owner => Announcement) public announced;
    mapping(address owner => mapping(address to => uint256 times)) public timesPaid;

    constructor(IModelRegistry registry_, uint256 modelId_, uint64 pinnedVersion_)
        ModelConsumer(registry_, modelId_, pinnedVersion_, NOTICE)
    {}

    /// @notice Takes money. The first time it opens the account, with a guardian who can stop
    /// announced transfers, and nothing else: a second key of the owner's, or a friend.
    function deposit(address guardian) external payable {
        Account storage account = accountOf[msg.sender];
        if (account.openedAt == 0) {
            account.guardian = guardian;
            account.openedAt = uint64(block.timestamp);
            account.lastAt = account.openedAt;
        }
        if (account.guardian != guardian) revert GuardianIsFixed(account.guardian);
        account.balance += msg.value;
    }

    /// @notice Pays at once.
    /// @param time The time for which the proof was made: features(msg.sender, to, amount, time).
    function pay(address to, uint256 amount, uint64 time, int256[] calldata output, bytes calldata proof)
        external
        nonReentrant
    {
        if (time > block.timestamp || time + FRESH < block.timestamp) revert NotFresh(time);
        _requireFact(features(msg.sender, to, amount, time), output, 0, proof);
        if (output[0] != ORDINARY) revert NotOrdinary(output[0]);
        _pay(to, amount, true);
    }

    /// @notice Announces a transfer that needs no proof. A new announcement replaces it.
    function announce(address to, uint256 amount) external {
        uint64 due = uint64(block.timestamp) + DELAY;
        announced[msg.sender] = Announcement(to, due, amount);
        emit Announced(msg.sender, to, amount, due);
    }

    function payAnnounced() external nonReentrant {
        Announcement memory a = announced[msg.sender];
        if (a.due == 0 || block.timestamp < a.due) revert NotDue(a.due);
        delete announced[msg.sender];
        _pay(a.to, a.amount, false);
    }

    /// @notice Stops an announced transfer: by the account, or its guardian.
    function cancel(address owner) external {
        if (msg.sender != owner && msg.sender != accountOf[owner].guardian) revert NotGuardian();
        delete announced[owner];
        emit Cancelled(owner, msg.sender);
    }

    /// @notice The model's input, about a transfer at a time: seven numbers of two bytes.
    function features(address from, address to, uint256 amount, uint64 time)
        public
        view
        returns (bytes memory)
    {
        Account memory a = accountOf[from];
        if (time < a.lastAt) revert NotFresh(time);
        bool sameDay = time / 1 days == a.lastAt / 1 days;
        return abi.encodePacked(
            _atMost(a.balance == 0 ? 1000 : amount * 1000 / a.balance, 1000),
            _atMost(a.paid == 0 ? 10 : amount * 10 * a.count / a.paid, 1023),
            _atMost(sameDay ? a.onDay : 0, 255),
            _atMost((time - a.lastAt) / 1 hours, 1023),
            _atMost(time / 1 hours % 24, 23),
            _atMost(timesPaid[from][to], 255),
            _atMost((time - a.openedAt) / 1 days, 1023)
        );
    }

    /// Books a transfer, and makes it.
    function _pay(address to, uint256 amount, bool proved) private {
        Account storage a = accountOf[msg.sender];
        a.balance -= amount;
        a.paid += amount;
        a.onDay = block.timestamp / 1 days == a.lastAt / 1 days ? a.onDay + 1 : 1;
        a.lastAt = uint64(block.timestamp);
        ++a.count;
        ++timesPaid[msg.sender][to];
        emit Paid(msg.sender, to, amount, proved);
        (bool sent,) = to.call{value: amount}("");
        if (!sent) revert TransferFailed();
    }

    function _atMost(uint256 value, uint256 most) private pure returns (uint16) {
        return uint16(value < most ? value : most);
    }
}
