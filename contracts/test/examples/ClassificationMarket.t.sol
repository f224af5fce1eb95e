// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ClassificationMarket} from "../../examples/market/ClassificationMarket.sol";
import {TinyPublic} from "../../fixtures/TinyPublic/TinyPublic.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";

contract ClassificationMarketTest is ModelTest {
    ClassificationMarket internal market;
    uint256 internal id;
    uint64 internal start;
    Proved internal p;

    function setUp() public {
        id = publish(address(new TinyPublic()), Shape.PublicInput);
        start = uint64(block.timestamp);
        market = make(1, start + 1 days, start + 3 days);
        p = proved("digit-2");
        bet(ALICE, 2, 3 ether);
        bet(BOB, 2, 1 ether);
        bet(CAROL, 0, 4 ether);
    }

    function make(uint64 version, uint64 closes, uint64 settles) internal returns (ClassificationMarket) {
        return new ClassificationMarket(registry, id, version, address(this), 4, closes, settles);
    }

    function bet(address who, uint256 class, uint256 amount) internal {
        vm.deal(who, amount);
        vm.prank(who);
        market.bet{value: amount}(class);
    }

    function claim(address who) internal returns (uint256) {
        vm.prank(who);
        market.claim();
        return who.balance;
    }

    function close() internal {
        vm.warp(start + 1 days);
        market.post(keccak256(p.input));
    }

    function test_WinnersShareThePool() public {
        close();
        vm.prank(CAROL);
        market.settle(p.input, p.output, p.proof);
        eq(market.winner(), 2);
        eq(claim(ALICE), 6 ether);
        eq(claim(BOB), 2 ether);
        vm.prank(CAROL);
        vm.expectRevert(ClassificationMarket.NothingDue.selector);
        market.claim();
        vm.prank(ALICE);
        vm.expectRevert(ClassificationMarket.NothingDue.selector);
        market.claim();
        vm.expectRevert(ClassificationMarket.AlreadySettled.selector);
        market.settle(p.input, p.output, p.proof);
    }

    function test_WithoutASettlementAllArePaidBack() public {
        close();
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        market.claim();
        vm.warp(start + 3 days + 1);
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        market.settle(p.input, p.output, p.proof);
        eq(claim(ALICE), 3 ether);
        eq(claim(BOB), 1 ether);
        eq(claim(CAROL), 4 ether);
    }

    function test_WithoutAWinnerAllArePaidBack() public {
        p = proved("digit-3");
        close();
        market.settle(p.input, p.output, p.proof);
        eq(claim(CAROL), 4 ether);
    }

    function test_OnlyThePostedPictureCounts() public {
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        market.post("early");
        vm.warp(start + 1 days);
        vm.expectRevert(ClassificationMarket.WrongPicture.selector);
        market.settle(p.input, p.output, p.proof);
        vm.prank(BOB);
        vm.expectRevert(ClassificationMarket.NotTheSource.selector);
        market.post("bob's");
        close();
        vm.expectRevert(ClassificationMarket.NotTheSource.selector);
        market.post("another");
        Proved memory other = proved("digit-0");
        vm.expectRevert(ClassificationMarket.WrongPicture.selector);
        market.settle(other.input, other.output, other.proof);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        market.settle(p.input, one(0), p.proof);
    }

    function test_BetsEnd() public {
        vm.expectRevert(abi.encodeWithSelector(ClassificationMarket.UnknownClass.selector, 4));
        market.bet(4);
        close();
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        market.bet(2);
    }

    function test_RefusesAMarketThatCannotEnd() public {
        vm.expectRevert(ClassificationMarket.VersionNotPinned.selector);
        make(0, start + 1, start + 2);
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        make(1, start, start + 2);
        vm.expectRevert(ClassificationMarket.WrongTime.selector);
        make(1, start + 2, start + 2);
    }

    function test_RefusesAMarketWithoutASource() public {
        vm.expectRevert(ClassificationMarket.NotTheSource.selector);
        new ClassificationMarket(registry, id, 1, address(0), 4, start + 1, start + 2);
    }

    function testFuzz_NoMoreIsPaidThanCameIn(uint96[4] calldata stakes, uint8[4] calldata classes) public {
        ClassificationMarket m = make(1, start + 1 days, start + 3 days);
        market = m;
        for (uint160 i = 0; i < 4; i++) {
            bet(address(0x1000 + i), classes[i] % 4, stakes[i]);
        }
        close();
        m.settle(p.input, p.output, p.proof);
        for (uint160 i = 0; i < 4; i++) {
            vm.prank(address(0x1000 + i));
            try m.claim() {} catch {}
        }
        yes(address(m).balance <= 3);
    }
}
