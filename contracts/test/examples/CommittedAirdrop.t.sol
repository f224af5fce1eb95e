// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommittedAirdrop} from "../../examples/airdrop/CommittedAirdrop.sol";
import {TinyContext} from "../../fixtures/TinyContext/TinyContext.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {TokenMock} from "../mocks/Tokens.sol";

contract CommittedAirdropTest is ModelTest {
    CommittedAirdrop internal airdrop;
    TokenMock internal token = new TokenMock();
    Proved internal alice;
    Proved internal bob;

    /// Two people are enrolled; class 1 is eligible.
    function setUp() public {
        uint256 id = publish(address(new TinyContext()), Shape.PrivateInputContext);
        (alice, bob) = (proved("airdrop-alice"), proved("airdrop-bob"));
        (bytes32 a, bytes32 b) = (leaf(alice), leaf(bob));
        bytes32 root = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        deployNext(5);
        airdrop = new CommittedAirdrop(registry, id, 1, token, 100, root, 1, uint64(block.timestamp) + 1 days);
        token.mint(address(airdrop), 1000);
    }

    function leaf(Proved memory p) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(bytes32(p.input)))));
    }

    function path(Proved memory sibling) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = leaf(sibling);
    }

    function test_ClaimsOnce() public {
        vm.startPrank(ALICE);
        airdrop.claim(bytes32(alice.input), path(bob), alice.output, alice.proof);
        eq(token.balanceOf(ALICE), 100);
        vm.expectRevert(abi.encodeWithSelector(CommittedAirdrop.Spent.selector, bytes32(alice.input)));
        airdrop.claim(bytes32(alice.input), path(bob), alice.output, alice.proof);
    }

    function test_NobodyElseClaimsByTheProof() public {
        vm.prank(BOB);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        airdrop.claim(bytes32(alice.input), path(bob), alice.output, alice.proof);
    }

    function test_AnotherSaltIsNotEnrolled() public {
        // The same vector under another salt: what "gate" and "lending" are to "airdrop".
        Proved memory resalted = proved("gate");
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(CommittedAirdrop.NotEnrolled.selector, bytes32(resalted.input))
        );
        airdrop.claim(bytes32(resalted.input), path(bob), resalted.output, resalted.proof);
    }

    function test_TheWrongClassIsNotEligible() public {
        vm.prank(BOB);
        vm.expectRevert(CommittedAirdrop.NotEligible.selector);
        airdrop.claim(bytes32(bob.input), path(alice), bob.output, bob.proof);
        vm.prank(BOB);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        airdrop.claim(bytes32(bob.input), path(alice), one(1), bob.proof);
    }

    function test_WhatIsLeftGoesBackAfterTheEnd() public {
        vm.expectRevert(CommittedAirdrop.WrongTime.selector);
        airdrop.sweep();
        vm.warp(block.timestamp + 1 days + 1);
        vm.prank(ALICE);
        vm.expectRevert(CommittedAirdrop.WrongTime.selector);
        airdrop.claim(bytes32(alice.input), path(bob), alice.output, alice.proof);
        airdrop.sweep();
        eq(token.balanceOf(DEPLOYER), 1000);
    }
}
