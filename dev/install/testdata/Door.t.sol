// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Door} from "../src/Door.sol";
import {ModelRegistry} from "zkml-contracts/src/ModelRegistry.sol";

contract DoorTest {
    Door private door = new Door(new ModelRegistry());

    function test_OpensForAProof() external {
        require(!visits());
        require(!enters(2, "the proof"));
        require(!enters(3, "another proof"));
        require(enters(3, "the proof"));
        require(visits() && door.visits(address(this)) == 1);
    }

    function enters(int256 class, bytes memory proof) private returns (bool entered) {
        int256[] memory output = new int256[](1);
        output[0] = class;
        (entered,) = address(door).call(abi.encodeCall(door.enter, ("an input", output, proof)));
    }

    function visits() private returns (bool visited) {
        (visited,) = address(door).call(abi.encodeCall(door.visit, ()));
    }
}
