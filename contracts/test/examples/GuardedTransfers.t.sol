// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {GuardedTransfers} from "../../examples/transfers/GuardedTransfers.sol";
import {Fraud} from "../../fixtures/Fraud/Fraud.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";

/// Takes no money.
contract Refuser {}

contract GuardedTransfersTest is ModelTest {
    GuardedTransfers internal bank;
    Proved internal ordinary;
    Proved internal drain;

    /// ALICE has 96 ether, after 4 that went to BOB twenty hours ago; CAROL is her guardian.
    function setUp() public {
        vm.warp(1_000_000 hours);
        bank = new GuardedTransfers(registry, publish(address(new Fraud()), Shape.PublicInput), 1);
        (ordinary, drain) = (proved("transfer-ordinary"), proved("transfer-drain"));
        vm.deal(ALICE, 100 ether);
        vm.startPrank(ALICE);
        bank.deposit{value: 100 ether}(CAROL);
        bank.announce(BOB, 4 ether);
        vm.warp(block.timestamp + 24 hours);
        bank.payAnnounced();
        vm.stopPrank();
        vm.warp(block.timestamp + 20 hours);
    }

    function pay(address to, uint256 amount, Proved storage p) internal {
        vm.prank(ALICE);
        bank.pay(to, amount, uint64(block.timestamp), p.output, p.proof);
    }

    function balance(address owner) internal view returns (uint256 left) {
        (left,,,,,,) = bank.accountOf(owner);
    }

    function seen(address to, uint256 amount) internal view returns (bytes32) {
        return keccak256(bank.features(ALICE, to, amount, uint64(block.timestamp)));
    }

    function test_AnOrdinaryTransferPassesAtOnce() public {
        eq(seen(BOB, 4 ether), keccak256(ordinary.input));
        pay(BOB, 4 ether, ordinary);
        eq(BOB.balance, 8 ether);
        eq(balance(ALICE), 92 ether);
        eq(bank.timesPaid(ALICE, BOB), 2);
    }

    function test_AProofOfFraudDoesNot() public {
        eq(seen(CAROL, 90 ether), keccak256(drain.input));
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotOrdinary.selector, int256(1)));
        pay(CAROL, 90 ether, drain);
        vm.prank(ALICE);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        bank.pay(CAROL, 90 ether, uint64(block.timestamp), one(0), drain.proof);
    }

    function test_AProofIsAboutOneTransfer() public {
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pay(CAROL, 90 ether, ordinary);
        pay(BOB, 4 ether, ordinary);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pay(BOB, 4 ether, ordinary);
    }

    function test_AProofHoldsForHalfAnHour() public {
        uint64 time = uint64(block.timestamp);
        vm.warp(time + 30 minutes + 1);
        bytes memory refusal = abi.encodeWithSelector(GuardedTransfers.NotFresh.selector, time);
        vm.startPrank(ALICE);
        vm.expectRevert(refusal);
        bank.pay(BOB, 4 ether, time, ordinary.output, ordinary.proof);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotFresh.selector, time + 30 minutes + 2));
        bank.pay(BOB, 4 ether, time + 30 minutes + 2, ordinary.output, ordinary.proof);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotFresh.selector, time - 21 hours));
        bank.features(ALICE, BOB, 4 ether, time - 21 hours);
        vm.warp(time + 30 minutes);
        bank.pay(BOB, 4 ether, time, ordinary.output, ordinary.proof);
    }

    function test_WithoutAProofATransferWaits() public {
        vm.startPrank(ALICE);
        bank.announce(CAROL, 90 ether);
        uint64 due = uint64(block.timestamp) + 1 days;
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotDue.selector, due));
        bank.payAnnounced();
        vm.warp(due);
        bank.payAnnounced();
        eq(CAROL.balance, 90 ether);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotDue.selector, 0));
        bank.payAnnounced();
    }

    function test_TheGuardianStopsIt() public {
        vm.prank(ALICE);
        bank.announce(BOB, 90 ether);
        vm.prank(BOB);
        vm.expectRevert(GuardedTransfers.NotGuardian.selector);
        bank.cancel(ALICE);
        vm.prank(CAROL);
        bank.cancel(ALICE);
        vm.warp(block.timestamp + 1 days);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.NotDue.selector, 0));
        bank.payAnnounced();
    }

    function test_TheGuardianIsNamedOnce() public {
        vm.deal(ALICE, 1 ether);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(GuardedTransfers.GuardianIsFixed.selector, CAROL));
        bank.deposit{value: 1 ether}(BOB);
        bank.deposit{value: 1 ether}(CAROL);
        eq(balance(ALICE), 97 ether);
    }

    function test_NobodyPaysMoreThanThereIs() public {
        vm.startPrank(BOB);
        bank.announce(BOB, 1);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert();
        bank.payAnnounced();
    }

    function test_ARefusedTransferStays() public {
        address refuser = address(new Refuser());
        vm.startPrank(ALICE);
        bank.announce(refuser, 1 ether);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(GuardedTransfers.TransferFailed.selector);
        bank.payAnnounced();
        eq(balance(ALICE), 96 ether);
    }

    /// Each feature is two bytes, and within what the model was trained on.
    function testFuzz_FeaturesNeverLeaveTheirFormat(uint96 amount, uint32 wait, bool known) public view {
        uint64 time = uint64(block.timestamp) + wait;
        bytes memory f = bank.features(ALICE, known ? BOB : CAROL, amount, time);
        uint16[7] memory most = [1000, 1023, 255, 1023, 23, 255, 1023];
        eq(f.length, 14);
        for (uint256 i = 0; i < 7; i++) {
            yes((uint256(uint8(f[2 * i])) << 8 | uint8(f[2 * i + 1])) <= most[i]);
        }
    }
}
