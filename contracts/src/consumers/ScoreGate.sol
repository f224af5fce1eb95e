// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Gate} from "./Gate.sol";

/// @title A gate on a score: it admits scores of at least a threshold. For models that
/// reveal scores.
abstract contract ScoreGate is Gate {
    /// @notice Which of the outputs counts.
    uint256 public immutable scoreIndex;

    /// @notice What it has to reach: a real number times 1e18, as 2e18 for 2.0.
    int256 public immutable threshold;

    constructor(uint256 scoreIndex_, int256 threshold_) {
        scoreIndex = scoreIndex_;
        threshold = threshold_;
    }

    /// @inheritdoc Gate
    function _admits(int256[] calldata output) internal view override returns (bool) {
        return output.length > scoreIndex && _reaches(output[scoreIndex], threshold);
    }
}
