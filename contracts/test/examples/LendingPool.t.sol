// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IPrice, LendingPool} from "../../examples/lending/LendingPool.sol";
import {Credit} from "../../fixtures/Credit/Credit.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {PriceMock, TaxedMock, TokenMock} from "../mocks/Tokens.sol";

contract LendingPoolTest is ModelTest {
    LendingPool internal pool;
    TokenMock internal asset = new TokenMock();
    TokenMock internal collateral = new TokenMock();
    PriceMock internal price = new PriceMock();
    uint256 internal id;
    Proved internal p;

    function setUp() public {
        id = publish(address(new Credit()), Shape.PrivateInputContext);
        registry.raiseNotice(id, 7 days);
        pool = make(0);
        p = proved("lending-first");
        asset.mint(address(pool), 1000);
        collateral.mint(ALICE, 1000);
        vm.startPrank(ALICE);
        collateral.approve(address(pool), 1000);
        asset.approve(address(pool), 1000);
        pool.deposit(100);
        vm.stopPrank();
    }

    /// Class 1 is good credit.
    function make(uint64 version) internal returns (LendingPool made) {
        uint256[] memory ltvs = new uint256[](2);
        (ltvs[0], ltvs[1]) = (3_000, 8_000);
        deployNext(version == 0 ? 4 : 40);
        made = new LendingPool(
            registry, id, version, asset, collateral, IPrice(address(price)), ltvs, 30 days, address(this)
        );
        made.grantRole(made.ATTESTER_ROLE(), CAROL);
        made.grantRole(made.PAUSER_ROLE(), CAROL);
    }

    function attest() internal {
        vm.prank(CAROL);
        pool.attest(ALICE, bytes32(p.input));
    }

    function rate() internal {
        attest();
        vm.prank(ALICE);
        pool.rate(p.output, p.proof);
    }

    function borrow(uint256 amount) internal {
        vm.prank(ALICE);
        pool.borrow(amount);
    }

    function test_AProofOfGoodCreditBorrowsMore() public {
        eq(pool.contextOf(ALICE), p.context);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.TooMuchDebt.selector, 80, 50));
        borrow(80);
        rate();
        eq(pool.ltvOf(ALICE), 8_000);
        borrow(80);
        eq(asset.balanceOf(ALICE), 80);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.TooMuchDebt.selector, 81, 80));
        borrow(1);
    }

    function test_AProofCountsOnceAndANewOneAgain() public {
        rate();
        vm.prank(ALICE);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pool.rate(p.output, p.proof);
        vm.warp(block.timestamp + 30 days + 1);
        eq(pool.ltvOf(ALICE), pool.BASE_LTV());
        Proved memory again = proved("lending-again");
        eq(bytes32(again.input), bytes32(p.input));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.AttestationExpired.selector, ALICE));
        pool.rate(again.output, again.proof);
        attest();
        vm.prank(ALICE);
        pool.rate(again.output, again.proof);
        eq(pool.ltvOf(ALICE), 8_000);
    }

    function test_ARatingEndsWithItsAttestation() public {
        attest();
        uint256 end = block.timestamp + 30 days;
        vm.warp(block.timestamp + 20 days);
        vm.prank(ALICE);
        pool.rate(p.output, p.proof);
        vm.warp(end);
        eq(pool.ltvOf(ALICE), 8_000);
        vm.warp(end + 1);
        eq(pool.ltvOf(ALICE), pool.BASE_LTV());
    }

    function test_NobodyHindersARepayment() public {
        borrow(50);
        asset.mint(BOB, 1);
        vm.startPrank(BOB);
        asset.approve(address(pool), 1);
        pool.repay(ALICE, 1);
        vm.stopPrank();
        vm.prank(ALICE);
        pool.repay(ALICE, 50);
        eq(pool.debtOf(ALICE), 0);
        eq(asset.balanceOf(ALICE), 1);
    }

    /// The model's owner swaps the model for one that says yes, and back, in one transaction.
    function test_AnOwnerCannotLendToHimselfUnseen() public {
        uint256 hasty = publish(address(mock("hasty")), Shape.PrivateInputContext);
        vm.expectRevert(abi.encodeWithSelector(ModelConsumer.NoticeTooShort.selector, 0));
        new LendingPool(
            registry, hasty, 0, asset, collateral, IPrice(address(price)), new uint256[](1), 1, address(this)
        );
        supersede(id, address(mock("mine")), Shape.PrivateInputContext);
        eq(uint256(pool.modelVersion()), 1);
        vm.warp(block.timestamp + 7 days);
        eq(uint256(pool.modelVersion()), 2);
    }

    function test_NobodyElseUsesTheProof() public {
        attest();
        vm.prank(CAROL);
        pool.attest(BOB, bytes32(p.input));
        vm.prank(BOB);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pool.rate(p.output, p.proof);
    }

    function test_OnlyAnAttestedApplicationCounts() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.NotAttested.selector, ALICE));
        pool.rate(p.output, p.proof);
        vm.prank(CAROL);
        pool.attest(ALICE, "another application");
        vm.prank(ALICE);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pool.rate(p.output, p.proof);
        vm.prank(ALICE);
        vm.expectRevert();
        pool.attest(ALICE, bytes32(p.input));
    }

    function test_AnotherClassIsNotProved() public {
        attest();
        vm.prank(ALICE);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        pool.rate(one(0), p.proof);
    }

    function test_ANewApplicationEndsTheRating() public {
        rate();
        vm.prank(CAROL);
        pool.attest(ALICE, "a newer application");
        eq(pool.ltvOf(ALICE), pool.BASE_LTV());
    }

    function test_WhoFollowsTheModelRatesAnewForANewVersion() public {
        rate();
        supersede(id, address(mock("newer")), Shape.PrivateInputContext);
        vm.warp(block.timestamp + 7 days);
        eq(pool.ltvOf(ALICE), pool.BASE_LTV());
        registry.deprecateModel(id);
        vm.prank(ALICE);
        vm.expectRevert(ModelConsumer.ModelIsDeprecated.selector);
        pool.rate(p.output, p.proof);
    }

    function test_WhoPinsAVersionDependsOnNobody() public {
        LendingPool follows = pool;
        pool = make(1);
        supersede(id, address(mock("newer")), Shape.PrivateInputContext);
        vm.warp(block.timestamp + 7 days);
        eq(uint256(pool.modelVersion()), 1);
        eq(uint256(follows.modelVersion()), 2);
        registry.deprecateModel(id);
        eq(uint256(pool.modelVersion()), 1);
        eq(uint256(follows.modelVersion()), 0);
    }

    function test_RepaysAndWithdraws() public {
        borrow(50);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.TooMuchDebt.selector, 50, 49));
        pool.withdraw(1);
        pool.repay(ALICE, 50);
        pool.withdraw(100);
        eq(collateral.balanceOf(ALICE), 1000);
    }

    function test_Liquidates() public {
        borrow(50);
        asset.mint(BOB, 50);
        vm.startPrank(BOB);
        asset.approve(address(pool), 50);
        vm.expectRevert(abi.encodeWithSelector(LendingPool.Healthy.selector, ALICE));
        pool.liquidate(ALICE);
        price.set(0.58e18);
        pool.liquidate(ALICE);
        eq(pool.debtOf(ALICE), 0);
        eq(collateral.balanceOf(BOB), uint256(50) * 105 * 1e18 / (100 * 0.58e18));
    }

    function test_LiquidatesForAllThereIsAtMost() public {
        borrow(50);
        asset.mint(BOB, 50);
        vm.startPrank(BOB);
        asset.approve(address(pool), 50);
        price.set(0.3e18);
        pool.liquidate(ALICE);
        eq(collateral.balanceOf(BOB), 100);
    }

    /// A pool of taxed tokens, with 90 of collateral of each, ALICE and BOB.
    function makeTaxed() internal {
        (asset, collateral) = (new TaxedMock(), new TaxedMock());
        pool = make(1);
        asset.mint(address(pool), 1000);
        for (uint160 i = 0; i < 2; i++) {
            address person = [ALICE, BOB][i];
            collateral.mint(person, 100);
            vm.startPrank(person);
            collateral.approve(address(pool), 100);
            asset.approve(address(pool), 100);
            pool.deposit(100);
            vm.stopPrank();
        }
    }

    function test_NobodyTakesAnothersCollateralByATaxedToken() public {
        makeTaxed();
        eq(pool.collateralOf(ALICE), 90);
        vm.prank(ALICE);
        vm.expectRevert();
        pool.withdraw(91);
        vm.prank(ALICE);
        pool.withdraw(90);
        vm.prank(BOB);
        pool.withdraw(90);
        eq(collateral.balanceOf(BOB), 81);
        eq(collateral.balanceOf(address(pool)), 0);
    }

    function test_OfATaxedTokenWhatArrivesIsRepaid() public {
        makeTaxed();
        borrow(40);
        asset.mint(ALICE, 100);
        vm.startPrank(ALICE);
        pool.repay(ALICE, 20);
        eq(pool.debtOf(ALICE), 22);
        pool.repay(ALICE, 100);
        eq(pool.debtOf(ALICE), 2);
        eq(asset.balanceOf(address(pool)), 1000 - 2);
    }

    function test_OfATaxedTokenWhatArrivesLiquidates() public {
        makeTaxed();
        borrow(40);
        asset.mint(BOB, 100);
        price.set(0.5e18);
        vm.prank(BOB);
        pool.liquidate(ALICE);
        eq(pool.debtOf(ALICE), 4);
        eq(pool.collateralOf(ALICE), 90 - 75);
        eq(asset.balanceOf(address(pool)), 1000 - 4);
    }

    function test_TheAssetIsNotTheCollateral() public {
        vm.expectRevert(LendingPool.AssetIsCollateral.selector);
        new LendingPool(
            registry, id, 0, asset, asset, IPrice(address(price)), new uint256[](1), 1, address(this)
        );
    }

    function test_APauseLeavesTheWayOut() public {
        vm.prank(CAROL);
        pool.pause();
        vm.startPrank(ALICE);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        pool.deposit(1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        pool.borrow(1);
        pool.withdraw(100);
        vm.stopPrank();
        vm.prank(CAROL);
        pool.unpause();
    }

    function test_TheAdminTakesIdleCapitalAlone() public {
        pool.reclaim(1000);
        eq(asset.balanceOf(address(this)), 1000);
        bytes memory refusal = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector, ALICE, bytes32(0)
        );
        vm.prank(ALICE);
        vm.expectRevert(refusal);
        pool.reclaim(1);
    }

    function test_AClassWithoutALoanToValueIsRefused() public {
        uint256[] memory ltvs = new uint256[](1);
        ltvs[0] = 8_500;
        vm.expectRevert(abi.encodeWithSelector(LendingPool.LtvOutOfRange.selector, 8_500));
        new LendingPool(registry, id, 0, asset, collateral, IPrice(address(price)), ltvs, 1, address(this));
    }
}
