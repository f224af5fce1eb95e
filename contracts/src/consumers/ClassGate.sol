// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Gate} from "./Gate.sol";

/// @title A gate on a class: it admits some classes. For models that reveal the class.
abstract contract ClassGate is Gate {
    /// @notice Bit i tells whether class i is admitted.
    uint256 public immutable admittedClasses;

    constructor(uint256 admittedClasses_) {
        admittedClasses = admittedClasses_;
    }

    /// @inheritdoc Gate
    function _admits(int256[] calldata output) internal view override returns (bool) {
        if (output.length != 1 || output[0] < 0 || output[0] > 255) return false;
        return admittedClasses >> uint256(output[0]) & 1 == 1;
    }
}
