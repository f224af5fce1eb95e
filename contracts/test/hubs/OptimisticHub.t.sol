// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyContext} from "../../fixtures/TinyContext/TinyContext.sol";
import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {IInferenceConsumer} from "../../src/interfaces/IInferenceConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {OptimisticTest} from "../base/OptimisticTest.sol";
import {ConsumerMock} from "../mocks/ConsumerMock.sol";

/// Asks, and notes the gas that it is called back with.
contract Meter is IInferenceConsumer {
    uint256 public got;

    function ask(OptimisticHub hub, IHub.Question calldata q) external returns (uint256) {
        return hub.requestInference(q, 1);
    }

    function onInference(uint256, int256[] calldata) external {
        got = gasleft();
    }
}

contract OptimisticHubTest is OptimisticTest {
    /// setUp asks once; the request after it is the one that fixtures/cases.json names.
    uint256 internal constant FIRST_REAL = 2;

    ConsumerMock internal asker = new ConsumerMock();

    function setUp() public {
        deployHub();
        for (uint160 i = 0; i < 3; i++) {
            vm.deal([ALICE, BOB, CAROL][i], 10 ether);
        }
        request = asker.ask{value: FEE}(hub, question(), BOND);
    }

    function test_ARealProofSettlesAChallenge() public {
        Proved memory p = proved("optimistic");
        eq(hub.contextOf(FIRST_REAL, ALICE), p.context);
        id = publish(address(new TinyContext()), Shape.PrivateInputContext);
        IHub.Question memory q = question();
        q.input = p.input;
        request = asker.ask{value: FEE}(hub, q, BOND);
        propose(BOB, one(1));
        challenge(CAROL);
        vm.prank(ALICE);
        hub.prove(request, p.input, p.output, p.proof);
        eq(hub.owed(ALICE), FEE);
        eq(hub.owed(CAROL), BOND + BOND / 2);
        eq(asker.last(), 2);
    }

    function test_SilenceIsConsent() public {
        propose(ALICE, right);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.finalise(request, right);
        vm.warp(block.timestamp + 1 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(IHub.NothingToDeliver.selector, request));
        hub.finalise(request, wrong);
        hub.finalise(request, right);
        eq(asker.last(), right[0]);
        in_(OptimisticHub.Status.Settled);
    }

    function test_AWrongAnswerIsNotProvedWrongUntilItIsChallenged() public {
        propose(ALICE, wrong);
        proveInVain(BOB, abi.encodeWithSelector(OptimisticHub.NotChallenged.selector, request));
        challenge(BOB);
        prove(BOB);
        eq(asker.last(), right[0]);
        in_(OptimisticHub.Status.Settled);
    }

    function test_ADoubtThatNobodySettlesEndsInARefund() public {
        propose(ALICE, wrong);
        challenge(BOB);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        vm.warp(block.timestamp + 1);
        proveInVain(CAROL, abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        eq(asker.answers(), 0);
        in_(OptimisticHub.Status.Refunded);
    }

    function test_NothingProposed() public {
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        vm.warp(block.timestamp + 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.propose{value: BOND}(request, right);
        hub.refund(request);
        in_(OptimisticHub.Status.Refunded);
    }

    function test_TimeIsUp() public {
        propose(ALICE, wrong);
        vm.warp(block.timestamp + 1 hours + 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.challenge{value: BOND}(request);
        proveInVain(BOB, abi.encodeWithSelector(IHub.WrongTime.selector, request));
    }

    function test_TheBondIsExact() public {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(OptimisticHub.WrongBond.selector, BOND));
        hub.propose{value: BOND - 1}(request, right);
        hub.propose{value: BOND}(request, right);
        vm.expectRevert(abi.encodeWithSelector(OptimisticHub.WrongBond.selector, BOND));
        hub.challenge{value: BOND + 1}(request);
    }

    function test_StepsHaveAnOrder() public {
        bytes memory refusal = abi.encodeWithSelector(IHub.WrongState.selector, request);
        vm.expectRevert(refusal);
        hub.challenge(request);
        vm.expectRevert(refusal);
        hub.finalise(request, right);
        propose(ALICE, right);
        vm.expectRevert(refusal);
        hub.propose(request, right);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        challenge(BOB);
        vm.expectRevert(refusal);
        hub.challenge(request);
        vm.expectRevert(refusal);
        hub.finalise(request, right);
        prove(ALICE);
        vm.expectRevert(refusal);
        hub.prove(request, INPUT, right, "");
        vm.expectRevert(refusal);
        hub.refund(request);
    }

    function test_TheNamedProverIsFirstAndOthersMayStillDoubtAndRefute() public {
        IHub.Question memory q = question();
        q.prover = ALICE;
        request = asker.ask{value: FEE}(hub, q, BOND);
        bytes memory refusal = abi.encodeWithSelector(IHub.NotTheProver.selector, request, ALICE);
        vm.prank(BOB);
        vm.expectRevert(refusal);
        hub.propose{value: BOND}(request, right);
        proveInVain(BOB, refusal);
        propose(ALICE, wrong);
        challenge(BOB);
        prove(CAROL);
        eq(hub.owed(CAROL), FEE);
    }

    function test_NobodyElseProvesTheNamedProversAnswerForItsFee() public {
        IHub.Question memory q = question();
        q.prover = ALICE;
        request = asker.ask{value: FEE}(hub, q, BOND);
        propose(ALICE, right);
        proveInVain(BOB, abi.encodeWithSelector(IHub.NotTheProver.selector, request, ALICE));
        prove(ALICE);
        eq(hub.owed(ALICE), BOND + FEE);
    }

    function test_AWrongProofSettlesNothing() public {
        propose(ALICE, wrong);
        challenge(BOB);
        bytes memory another = model.prove(INPUT, right[0], hub.contextOf(request, ALICE));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.InvalidProof.selector, request));
        hub.prove(request, INPUT, right, another);
        in_(OptimisticHub.Status.Challenged);
    }

    function test_AModelWithoutContextIsRefused() public {
        IHub.Question memory q = question();
        Shape[2] memory shapes = [Shape.PublicInput, Shape.PrivateInput];
        for (uint256 i = 0; i < shapes.length; i++) {
            q.modelId = publish(address(model), shapes[i]);
            q.input = abi.encode(bytes32("a commitment"));
            vm.expectRevert(abi.encodeWithSelector(OptimisticHub.NoContext.selector, q.modelId));
            hub.requestInference(q, BOND);
        }
    }

    function test_ACallBackIsNoTrapForAProposer() public {
        IHub.Question memory q = question();
        q.callbackGas = hub.MAX_CALLBACK_GAS() + 1;
        vm.expectRevert(abi.encodeWithSelector(IHub.CallbackGasOutOfRange.selector, q.callbackGas));
        asker.ask{value: FEE}(hub, q, BOND);
        q.callbackGas = hub.MAX_CALLBACK_GAS();
        asker.behave(ConsumerMock.Manner.BurnsGas);
        request = asker.ask{value: FEE}(hub, q, BOND);
        propose(ALICE, right);
        challenge(BOB);
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, ALICE));
        vm.prank(ALICE);
        hub.prove{gas: 1_200_000}(request, INPUT, right, proof);
        eq(hub.owed(ALICE), BOND + BOND / 2 + FEE);
    }

    function test_AProposalThatNobodyFinalisesIsRefunded() public {
        propose(ALICE, right);
        vm.warp(block.timestamp + 1 hours + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        vm.warp(block.timestamp + 1);
        vm.prank(BOB);
        hub.refund(request);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongState.selector, request));
        hub.finalise(request, right);
    }

    /// With the least gas that settles, the call back still gets what was asked for.
    function test_ALongAnswerDoesNotStarveTheCallBack() public {
        uint256[3] memory lengths = [uint256(1), 400, 10_000];
        for (uint256 i = 0; i < lengths.length; i++) {
            Meter meter = new Meter();
            IHub.Question memory q = question();
            q.callbackGas = 300_000;
            request = meter.ask(hub, q);
            int256[] memory output = new int256[](lengths[i]);
            hub.propose{value: 1}(request, output);
            vm.warp(block.timestamp + 1 hours + 1);
            finaliseWithLittle(output);
            yes(meter.got() > 299_000 && meter.got() <= 300_000);
        }
    }

    function finaliseWithLittle(int256[] memory output) internal {
        bytes memory call = abi.encodeCall(hub.finalise, (request, output));
        uint256 low = 100_000;
        uint256 high = 20_000_000;
        while (high - low > 50) {
            uint256 middle = (low + high) / 2;
            try this.attempt(middle, call) {}
            catch (bytes memory reason) {
                if (bytes4(reason) == Worked.selector) high = middle;
                else low = middle;
            }
        }
        (bool done,) = address(hub).call{gas: high}(call);
        yes(done);
    }

    error Worked();

    /// Tries a call, and leaves no trace of it.
    function attempt(uint256 gas_, bytes calldata call) external {
        (bool done,) = address(hub).call{gas: gas_}(call);
        if (done) revert Worked();
        revert();
    }
}
