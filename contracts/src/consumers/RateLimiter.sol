// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A number of uses per account and period.
/// @notice With enough answers of a private model somebody can train a copy of it, or find
/// inputs that it admits: whoever offers a model limits the number of questions.
/// @dev A use becomes available again one period after it was made, so that no period of
/// that length, wherever it begins, has more uses than the limit. For each account the
/// times of as many uses as the limit are stored, one word each. An attacker with many
/// accounts has many allowances: combine this with a gate or a fee.
abstract contract RateLimiter {
    /// The next use is possible then.
    error TooSoon(address account, uint256 next);
    /// The limit or the period is zero.
    error LimitOutOfRange();

    /// @notice The most uses in any period, and its length in seconds.
    uint64 public immutable usesPerPeriod;
    uint64 public immutable period;

    /// The times of the last uses, in a ring, and how many uses there were.
    struct Uses {
        uint256 count;
        mapping(uint256 place => uint256) times;
    }

    mapping(address account => Uses) private _uses;

    constructor(uint64 usesPerPeriod_, uint64 period_) {
        if (usesPerPeriod_ == 0 || period_ == 0) revert LimitOutOfRange();
        usesPerPeriod = usesPerPeriod_;
        period = period_;
    }

    /// @notice The time from which an account may use this again, in the past or future.
    function nextUse(address account) public view returns (uint256) {
        Uses storage uses = _uses[account];
        if (uses.count < usesPerPeriod) return 0;
        return uses.times[uses.count % usesPerPeriod] + period;
    }

    /// Counts a use, and reverts if it is one too many.
    function _countUse(address account) internal {
        uint256 next = nextUse(account);
        if (next > block.timestamp) revert TooSoon(account, next);
        Uses storage uses = _uses[account];
        uses.times[uses.count++ % usesPerPeriod] = block.timestamp;
    }
}
