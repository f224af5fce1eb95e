// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {GuardedVault} from "../../examples/guard/GuardedVault.sol";
import {Guard} from "../../fixtures/Guard/Guard.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";

/// Deposits what it is lent, withdraws it, and pays it back.
contract Flash {
    GuardedVault internal vault;

    constructor(GuardedVault vault_) {
        vault = vault_;
    }

    receive() external payable {}

    function go() external payable {
        vault.deposit{value: msg.value}();
        vault.withdraw(msg.value);
        payable(msg.sender).transfer(msg.value);
    }
}

contract GuardedVaultTest is ModelTest {
    /// The model's score is 2.0 or more.
    int256 internal constant THRESHOLD = 2e18;

    GuardedVault internal vault;
    Proved internal drain;
    Proved internal calm;

    function setUp() public {
        vm.warp(1_000_000 hours);
        uint256 id = publish(address(new Guard()), Shape.PublicInput);
        vault = new GuardedVault(registry, id, 1, THRESHOLD, address(this));
        drain = proved("guard-drain");
        calm = proved("guard-calm");
        vm.deal(ALICE, 100 ether);
        vm.prank(ALICE);
        vault.deposit{value: 100 ether}();
        vm.warp(block.timestamp + 1 hours);
    }

    function withdraw(uint256 amount) internal {
        vm.prank(ALICE);
        vault.withdraw(amount);
    }

    function drainHalf() internal {
        withdraw(30 ether);
        vm.warp(block.timestamp + 1 hours);
        withdraw(20 ether);
    }

    function trip() internal {
        vault.trip(drain.input, drain.output, drain.proof);
    }

    function test_ADrainIsStopped() public {
        drainHalf();
        eq(keccak256(vault.features()), keccak256(drain.input));
        vm.prank(BOB);
        trip();
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.Stopped.selector, block.timestamp + 6 hours));
        withdraw(1 ether);
        vm.warp(block.timestamp + 6 hours);
        withdraw(1 ether);
    }

    function test_OrdinaryWithdrawalsAreNot() public {
        withdraw(1 ether);
        eq(keccak256(vault.features()), keccak256(calm.input));
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.NoAlarm.selector, calm.output[0]));
        vault.trip(calm.input, calm.output, calm.proof);
        yes(calm.output[0] < 0);
    }

    function test_NobodyMakesUpWhatWasSeen() public {
        vm.expectRevert(GuardedVault.NotObserved.selector);
        trip();
        drainHalf();
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        vault.trip(drain.input, one(THRESHOLD), drain.proof);
    }

    function test_OneMoreWithdrawalDoesNotDodgeTheProof() public {
        drainHalf();
        withdraw(1);
        withdraw(1 ether);
        yes(keccak256(vault.features()) != keccak256(drain.input));
        trip();
    }

    function test_AnOldObservationIsNoAlarm() public {
        drainHalf();
        vm.warp(block.timestamp + 30 minutes + 1);
        vm.expectRevert(GuardedVault.NotObserved.selector);
        trip();
    }

    function test_AlarmsLeaveTimeToLeave() public {
        drainHalf();
        trip();
        uint64 next = uint64(block.timestamp) + 30 hours;
        bytes memory refusal = abi.encodeWithSelector(GuardedVault.CoolingDown.selector, next);
        vm.expectRevert(refusal);
        trip();
        vault.lift();
        withdraw(1 ether);
        vm.expectRevert(refusal);
        trip();
        vm.warp(next);
        vm.expectRevert(GuardedVault.NotObserved.selector);
        trip();
    }

    function test_MoneyThatIsLentForATransactionRaisesNoAlarm() public {
        Flash flash = new Flash(vault);
        vm.deal(CAROL, 900 ether);
        uint256 later = (block.timestamp / 1 hours + 1) * 1 hours;
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.JustDeposited.selector, later));
        flash.go{value: 900 ether}();
        eq(keccak256(vault.observe()), keccak256(new bytes(32)));
    }

    function test_ADepositStaysUntilTheHourEnds() public {
        vm.deal(BOB, 2 ether);
        vm.warp(block.timestamp + 20 minutes);
        uint256 later = (block.timestamp / 1 hours + 1) * 1 hours;
        vm.startPrank(BOB);
        vault.deposit{value: 1 ether}();
        vm.warp(later - 1);
        vm.expectRevert(abi.encodeWithSelector(GuardedVault.JustDeposited.selector, later));
        vault.withdraw(0);
        vm.warp(later);
        vault.withdraw(1 ether);
        eq(BOB.balance, 2 ether);
    }

    function test_OnlyTheOwnerLifts() public {
        vm.prank(BOB);
        vm.expectRevert();
        vault.lift();
    }

    function test_AnEmptyVaultSeesNothing() public {
        vault = new GuardedVault(registry, 1, 1, THRESHOLD, address(this));
        eq(keccak256(vault.observe()), keccak256(new bytes(32)));
    }

    function testFuzz_SharesNeverLeaveTheirFormat(uint96[8] calldata amounts, uint16[8] calldata waits)
        public
    {
        for (uint256 i = 0; i < amounts.length; i++) {
            vm.warp(block.timestamp + waits[i]);
            withdraw(between(amounts[i], 0, vault.balanceOf(ALICE)));
            bytes memory seen = vault.features();
            uint256 sum;
            for (uint256 k = 0; k < 32; k += 2) {
                sum += uint256(uint8(seen[k])) << 8 | uint8(seen[k + 1]);
            }
            yes(sum <= 1023);
        }
    }
}
