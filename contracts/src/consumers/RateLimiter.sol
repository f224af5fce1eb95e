// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A number of uses per account and period.
/// @notice Enough answers of a private model train a copy of it, and a model can be
/// probed for what it lets through: who offers one limits the questions.
/// @dev Uses come back one by one, evenly over the period, so that the end of a period
/// is no moment to hurry for. One word is stored for each account: the time at which all
/// its uses will have come back. An attacker with many accounts has many allowances:
/// combine this with a gate or a fee.
abstract contract RateLimiter {
    /// The next use is possible then.
    error TooSoon(address account, uint256 next);
    /// A limit of none, or more uses than seconds.
    error LimitOutOfRange();

    /// @notice So many uses at once, and in each period after.
    uint64 public immutable usesPerPeriod;

    /// @notice Seconds for one use to come back.
    uint64 public immutable interval;

    mapping(address account => uint256) private _restoredAt;

    constructor(uint64 usesPerPeriod_, uint64 period) {
        if (usesPerPeriod_ == 0 || period < usesPerPeriod_) revert LimitOutOfRange();
        usesPerPeriod = usesPerPeriod_;
        interval = period / usesPerPeriod_;
    }

    /// @notice The time from which an account may use this again.
    function nextUse(address account) public view returns (uint256) {
        uint256 slack = uint256(interval) * (usesPerPeriod - 1);
        uint256 restoredAt = _restoredAt[account];
        return restoredAt > slack ? restoredAt - slack : 0;
    }

    /// Counts a use, and reverts if it is one too many.
    function _countUse(address account) internal {
        uint256 next = nextUse(account);
        if (next > block.timestamp) revert TooSoon(account, next);
        uint256 restoredAt = _restoredAt[account];
        _restoredAt[account] = (restoredAt > block.timestamp ? restoredAt : block.timestamp) + interval;
    }
}
