// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Hub} from "../../src/hubs/Hub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {Test} from "../base/Test.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";

/// A few people who use a hub in any order, and what is known of it from outside.
/// A call that the hub refuses reverts, and leaves no trace here.
abstract contract Actors is Test {
    WrapperMock internal model;
    uint256 internal modelId;
    address[4] internal people;

    /// How often each request was settled, and each proof accepted.
    mapping(uint256 requestId => uint256) internal settlements;
    mapping(bytes32 proofHash => uint256) internal uses;

    /// The most often that happened to any.
    uint256 public mostSettlements;
    uint256 public mostUses;

    constructor(WrapperMock model_, uint256 modelId_) {
        model = model_;
        modelId = modelId_;
        for (uint160 i = 0; i < people.length; i++) {
            people[i] = address(0xAC7000 + i);
            vm.deal(people[i], 1e30);
        }
    }

    function hub() public view virtual returns (Hub);

    function wait(uint32 time) external {
        vm.warp(block.timestamp + between(time, 1, 2 days));
    }

    function withdraw(uint8 who) external {
        address person = people[who % people.length];
        vm.prank(person);
        hub().withdraw(person);
    }

    /// All that the hub owes to those who can withdraw.
    function owed() public view returns (uint256 sum) {
        for (uint256 i = 0; i < people.length; i++) {
            sum += hub().owed(people[i]);
        }
    }

    function question(uint256 salt) internal view returns (IHub.Question memory) {
        uint64 deadline = uint64(block.timestamp + between(salt >> 8, 1, 3 days));
        return IHub.Question(modelId, 0, inputOf(salt), deadline, address(0), 0);
    }

    /// There are few inputs, so that the same is asked again.
    function inputOf(uint256 salt) internal pure returns (bytes memory) {
        return abi.encode(salt % 3);
    }

    function recent(uint256 seed) internal view returns (uint256) {
        uint256 count = hub().requests();
        return count == 0 ? 0 : count - seed % (count < 6 ? count : 6);
    }

    function countSettlement(uint256 requestId) internal {
        uint256 n = ++settlements[requestId];
        if (n > mostSettlements) mostSettlements = n;
    }

    function countProof(bytes memory proof) internal {
        uint256 n = ++uses[keccak256(proof)];
        if (n > mostUses) mostUses = n;
    }
}
