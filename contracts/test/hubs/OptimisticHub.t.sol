// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyContext} from "../../fixtures/TinyContext/TinyContext.sol";
import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {IInferenceConsumer} from "../../src/interfaces/IInferenceConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {ConsumerMock} from "../mocks/ConsumerMock.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";

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

contract OptimisticHubTest is ModelTest {
    uint256 internal constant FEE = 1 ether;
    uint256 internal constant BOND = 3 ether + 1;

    /// setUp asks once; the request after it is the one that fixtures/cases.json names.
    uint256 internal constant FIRST_REAL = 2;
    bytes internal constant INPUT = "a public input";

    OptimisticHub internal hub;
    ConsumerMock internal asker = new ConsumerMock();
    WrapperMock internal model = mock("mock");
    uint256 internal id;
    int256[] internal right;
    int256[] internal wrong;
    uint256 internal request;

    function setUp() public {
        deployNext(2);
        hub = new OptimisticHub(registry, address(this), 1 hours, 1 days);
        id = publish(address(model), Shape.PublicInputContext);
        right = one(model.classOf(INPUT));
        wrong = one(right[0] ^ 1);
        for (uint160 i = 0; i < 3; i++) {
            vm.deal([ALICE, BOB, CAROL][i], 10 ether);
        }
        request = asker.ask{value: FEE}(hub, question(), BOND);
    }

    function question() internal view returns (IHub.Question memory) {
        return IHub.Question(id, 0, INPUT, uint64(block.timestamp) + 1 days, address(0), 100_000);
    }

    function propose(address who, int256[] memory output) internal {
        vm.prank(who);
        hub.propose{value: BOND}(request, output);
    }

    /// A challenge, and the block after it: there it counts.
    function challenge(address who) internal {
        challengeNow(who);
        vm.roll(block.number + 1);
    }

    function challengeNow(address who) internal {
        vm.prank(who);
        hub.challenge{value: BOND}(request);
    }

    function prove(address who) internal {
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, who));
        vm.prank(who);
        hub.prove(request, INPUT, right, proof);
    }

    /// What alice, bob, carol and the asker can withdraw; together it is all there is.
    function owe(uint256 alice, uint256 bob, uint256 carol, uint256 requester) internal view {
        eq(hub.owed(ALICE), alice);
        eq(hub.owed(BOB), bob);
        eq(hub.owed(CAROL), carol);
        eq(hub.owed(address(asker)), requester);
        eq(address(hub).balance, alice + bob + carol + requester);
    }

    function in_(OptimisticHub.Status status) internal view {
        eq(uint256(hub.disputeOf(request).status), uint256(status));
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
        eq(hub.owed(ALICE), BOND - BOND / 2 + FEE);
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
        owe(BOND + FEE, 0, 0, 0);
        eq(asker.last(), right[0]);
        in_(OptimisticHub.Status.Settled);
    }

    function test_ProvedRightWithoutAChallenge() public {
        propose(ALICE, right);
        prove(BOB);
        owe(BOND, FEE, 0, 0);
    }

    function test_ProvedWrongWithoutAChallenge() public {
        propose(ALICE, wrong);
        prove(BOB);
        owe(0, BOND + FEE, 0, 0);
        eq(asker.last(), right[0]);
    }

    function test_ChallengedAndProvedRight() public {
        propose(ALICE, right);
        challenge(BOB);
        prove(ALICE);
        owe(2 * BOND + FEE, 0, 0, 0);
    }

    function test_ChallengedAndProvedRightByAThird() public {
        propose(ALICE, right);
        challenge(BOB);
        prove(CAROL);
        owe(BOND + FEE, 0, BOND, 0);
    }

    function test_ChallengedAndProvedWrong() public {
        propose(ALICE, wrong);
        challenge(BOB);
        prove(CAROL);
        owe(0, BOND + BOND / 2, BOND - BOND / 2 + FEE, 0);
    }

    function test_ChallengedAndNothingProved() public {
        propose(ALICE, wrong);
        challenge(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        vm.warp(block.timestamp + 1 days + 1);
        hub.refund(request);
        owe(0, BOND + BOND / 2, 0, BOND - BOND / 2 + FEE);
        in_(OptimisticHub.Status.Refunded);
    }

    function test_WhoChallengesOneselfLosesHalfABond() public {
        propose(ALICE, wrong);
        challenge(ALICE);
        vm.warp(block.timestamp + 1 days + 1);
        hub.refund(request);
        yes(hub.owed(ALICE) < 2 * BOND);
    }

    function test_NothingProposed() public {
        vm.warp(block.timestamp + 1 days + 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.propose{value: BOND}(request, right);
        hub.refund(request);
        owe(0, 0, 0, FEE);
    }

    function test_ProvedBeforeAnyProposal() public {
        prove(BOB);
        owe(0, FEE, 0, 0);
        eq(asker.answers(), 1);
    }

    function test_TimeIsUp() public {
        propose(ALICE, wrong);
        vm.warp(block.timestamp + 1 hours + 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.challenge{value: BOND}(request);
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, BOB));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.prove(request, INPUT, right, proof);
    }

    function test_TheBondIsExact() public {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(OptimisticHub.WrongBond.selector, BOND));
        hub.propose{value: BOND - 1}(request, right);
        hub.propose{value: BOND}(request, right);
        vm.expectRevert(abi.encodeWithSelector(OptimisticHub.WrongBond.selector, BOND));
        hub.challenge{value: BOND + 1}(request);
        IHub.Question memory q = question();
        vm.expectRevert(OptimisticHub.NoBond.selector);
        hub.requestInference(q, 0);
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

    function test_TheNamedProverIsFirstAndOthersMayStillRefute() public {
        IHub.Question memory q = question();
        q.prover = ALICE;
        request = asker.ask{value: FEE}(hub, q, BOND);
        bytes memory refusal = abi.encodeWithSelector(IHub.NotTheProver.selector, request, ALICE);
        vm.startPrank(BOB);
        vm.expectRevert(refusal);
        hub.propose{value: BOND}(request, right);
        vm.expectRevert(refusal);
        hub.prove(request, INPUT, right, "");
        vm.stopPrank();
        propose(ALICE, wrong);
        prove(BOB);
        eq(hub.owed(BOB), BOND + FEE);
    }

    function test_AWrongProofSettlesNothing() public {
        propose(ALICE, wrong);
        bytes memory another = model.prove(INPUT, right[0], hub.contextOf(request, ALICE));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.InvalidProof.selector, request));
        hub.prove(request, INPUT, right, another);
        in_(OptimisticHub.Status.Proposed);
    }

    function test_AProposalBeforeAProofThatIsSeenEarnsNothing() public {
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, ALICE));
        propose(BOB, right);
        vm.prank(ALICE);
        hub.prove(request, INPUT, right, proof);
        owe(FEE, BOND, 0, 0);
    }

    function test_AProposalAndAChallengeBeforeAProofThatIsSeenEarnNothing() public {
        propose(BOB, right);
        challengeNow(CAROL);
        prove(ALICE);
        owe(FEE + BOND, BOND, 0, 0);
    }

    function test_AChallengeBeforeAProofThatIsSeenEarnsNothing() public {
        propose(CAROL, wrong);
        challengeNow(BOB);
        prove(ALICE);
        owe(FEE + BOND, BOND, 0, 0);
    }

    function test_TheLiarSavesNothingByAChallengeOfHisOwn() public {
        propose(CAROL, wrong);
        challengeNow(CAROL);
        prove(ALICE);
        owe(FEE + BOND, 0, BOND, 0);
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
        eq(hub.owed(ALICE), 2 * BOND + FEE);
    }

    function test_AProposalThatNobodyFinalisesIsRefunded() public {
        propose(ALICE, right);
        vm.warp(block.timestamp + 1 hours + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, request));
        hub.refund(request);
        vm.warp(block.timestamp + 1);
        vm.prank(BOB);
        hub.refund(request);
        owe(BOND, 0, 0, FEE);
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
