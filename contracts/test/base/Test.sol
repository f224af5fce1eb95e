// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Vm} from "./Vm.sol";

/// What the tests here use of Foundry: its cheat codes, and assertions. Test
/// functions are found by name: test_ is an example, testFuzz_ a property, invariant_
/// what holds after any run of calls.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// forge takes a contract with this for a test.
    bool public constant IS_TEST = true;

    function eq(uint256 got, uint256 want) internal pure {
        vm.assertEq(got, want);
    }

    function eq(int256 got, int256 want) internal pure {
        vm.assertEq(got, want);
    }

    function eq(address got, address want) internal pure {
        vm.assertEq(got, want);
    }

    function eq(bytes32 got, bytes32 want) internal pure {
        vm.assertEq(got, want);
    }

    function yes(bool condition) internal pure {
        vm.assertTrue(condition);
    }

    function no(bool condition) internal pure {
        vm.assertFalse(condition);
    }

    /// A number between two, both included.
    function between(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + x % (high - low + 1);
    }

    function one(int256 x) internal pure returns (int256[] memory list) {
        list = new int256[](1);
        list[0] = x;
    }
}
