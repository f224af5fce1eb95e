// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IPrice, LendingPool} from "../../examples/lending/LendingPool.sol";
import {CreditTrees} from "../../fixtures/CreditTrees/CreditTrees.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {PriceMock, TokenMock} from "../mocks/Tokens.sol";

/// The pool over the boosted trees of examples/credit, with two people's proofs.
contract LendingByTreesTest is ModelTest {
    LendingPool internal pool;
    TokenMock internal asset = new TokenMock();
    TokenMock internal collateral = new TokenMock();
    Proved internal steady;
    Proved internal stretched;

    function setUp() public {
        uint256 id = publish(address(new CreditTrees()), Shape.PrivateInputContext);
        uint256[] memory ltvs = new uint256[](2);
        (ltvs[0], ltvs[1]) = (3_000, 8_000);
        IPrice price = IPrice(address(new PriceMock()));
        deployNext(6);
        pool = new LendingPool(registry, id, 1, asset, collateral, price, ltvs, 30 days, address(this));
        pool.grantRole(pool.ATTESTER_ROLE(), address(this));
        asset.mint(address(pool), 1000);
        (steady, stretched) = (proved("trees-steady"), proved("trees-stretched"));
        enter(ALICE, steady);
        enter(BOB, stretched);
    }

    /// Deposits a collateral of 100, and has the person's application attested.
    function enter(address person, Proved storage p) internal {
        collateral.mint(person, 100);
        vm.startPrank(person);
        collateral.approve(address(pool), 100);
        pool.deposit(100);
        vm.stopPrank();
        pool.attest(person, bytes32(p.input));
    }

    function rate(address person, Proved storage p) internal {
        vm.prank(person);
        pool.rate(p.output, p.proof);
    }

    /// Borrows all that a person may, and not one more.
    function borrowAll(address person, uint256 most) internal {
        vm.startPrank(person);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.TooMuchDebt.selector, most + 1, most));
        pool.borrow(most + 1);
        pool.borrow(most);
        vm.stopPrank();
        eq(asset.balanceOf(person), most);
    }

    function test_AGoodClassBorrowsMore() public {
        eq(pool.contextOf(ALICE), steady.context);
        eq(steady.output[0], int256(1));
        rate(ALICE, steady);
        borrowAll(ALICE, 80);
    }

    function test_ABadClassBorrowsLess() public {
        eq(stretched.output[0], int256(0));
        rate(BOB, stretched);
        borrowAll(BOB, 30);
    }

    function test_WithoutAProofBothBorrowAlike() public {
        borrowAll(ALICE, 50);
        borrowAll(BOB, 50);
    }

    function test_TheClassIsTheProofs() public {
        vm.prank(BOB);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pool.rate(one(1), stretched.proof);
    }

    function test_TheProofIsAboutItsOwnersApplication() public {
        pool.attest(BOB, bytes32(steady.input));
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        rate(BOB, steady);
    }
}
