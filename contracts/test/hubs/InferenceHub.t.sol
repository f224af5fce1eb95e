// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {TinyContext} from "../../fixtures/TinyContext/TinyContext.sol";
import {InferenceHub} from "../../src/hubs/InferenceHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {IInferenceConsumer} from "../../src/interfaces/IInferenceConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {ConsumerMock} from "../mocks/ConsumerMock.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";

/// Asks the same again when it is called back, so often.
contract Chain is IInferenceConsumer {
    InferenceHub internal hub;
    IHub.Question internal question;
    uint256 public answers;

    constructor(InferenceHub hub_) {
        hub = hub_;
    }

    function ask(IHub.Question calldata q) external {
        question = q;
        hub.requestInference(q);
    }

    function onInference(uint256, int256[] calldata) external {
        if (++answers < 3) hub.requestInference(question);
    }
}

/// Drops an answer for which the gas does not suffice.
contract Careful is IInferenceConsumer {
    event Dropped();

    bool public ready;
    uint256 public done;
    mapping(uint256 place => uint256) public work;

    function prepare() external {
        ready = true;
    }

    function ask(InferenceHub hub, IHub.Question calldata q) external returns (uint256) {
        return hub.requestInference(q);
    }

    function onInference(uint256, int256[] calldata) external {
        require(ready);
        try this.store() {}
        catch {
            emit Dropped();
        }
    }

    function store() external {
        for (uint256 i = 0; i < 9; i++) {
            work[i] = 1;
        }
        done++;
    }
}

contract InferenceHubTest is ModelTest {
    uint256 internal constant FEE = 1 ether;
    bytes internal constant INPUT = "a public input";

    InferenceHub internal hub;
    ConsumerMock internal asker = new ConsumerMock();
    WrapperMock internal model = mock("mock");
    uint256 internal id;
    int256[] internal answer;

    function setUp() public {
        deployNext(1);
        hub = new InferenceHub(registry, address(this));
        id = publish(address(model), Shape.PublicInputContext);
        answer = one(model.classOf(INPUT));
        vm.deal(address(this), 100 ether);
    }

    function question() internal view returns (IHub.Question memory) {
        return IHub.Question(id, 0, INPUT, uint64(block.timestamp) + 1 days, address(0), 100_000);
    }

    function ask() internal returns (uint256) {
        return asker.ask{value: FEE}(hub, question());
    }

    function proofBy(address prover, uint256 requestId) internal view returns (bytes memory) {
        return model.prove(INPUT, answer[0], hub.contextOf(requestId, prover));
    }

    function fulfil(address prover, uint256 requestId) internal {
        bytes memory proof = proofBy(prover, requestId);
        vm.prank(prover);
        hub.fulfil(requestId, INPUT, answer, proof);
    }

    function test_ARealProofEarnsTheFeeAndCallsBack() public {
        id = publish(address(new TinyContext()), Shape.PrivateInputContext);
        Proved memory p = proved("hub");
        IHub.Question memory q = question();
        q.input = p.input;
        uint256 requestId = asker.ask{value: FEE}(hub, q);
        eq(hub.contextOf(requestId, ALICE), p.context);

        // Somebody who saw the proof in the mempool gains nothing.
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.InvalidProof.selector, requestId));
        hub.fulfil(requestId, p.input, p.output, p.proof);

        vm.prank(ALICE);
        hub.fulfil(requestId, p.input, p.output, p.proof);
        eq(asker.last(), 3);
        vm.prank(ALICE);
        eq(hub.withdraw(ALICE), FEE);
        eq(ALICE.balance, FEE);
        eq(address(hub).balance, 0);
    }

    function test_ARequestIsFulfilledOnce() public {
        uint256 requestId = ask();
        fulfil(ALICE, requestId);
        bytes memory again = proofBy(BOB, requestId);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongState.selector, requestId));
        hub.fulfil(requestId, INPUT, answer, again);
        vm.warp(block.timestamp + 2 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongState.selector, requestId));
        hub.refund(requestId);
    }

    function test_RefusesAWrongAnswerInputAndState() public {
        uint256 requestId = ask();
        bytes memory proof = proofBy(address(this), requestId);
        vm.expectRevert(abi.encodeWithSelector(IHub.InvalidProof.selector, requestId));
        hub.fulfil(requestId, INPUT, one(answer[0] + 1), proof);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongInput.selector, requestId));
        hub.fulfil(requestId, "another input", answer, proof);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongState.selector, 99));
        hub.fulfil(99, INPUT, answer, proof);
    }

    function test_RefundsAfterTheDeadlineAlone() public {
        uint256 requestId = ask();
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, requestId));
        hub.refund(requestId);
        vm.warp(block.timestamp + 1);
        bytes memory late = proofBy(address(this), requestId);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongTime.selector, requestId));
        hub.fulfil(requestId, INPUT, answer, late);
        hub.refund(requestId);
        eq(hub.owed(address(asker)), FEE);
        vm.expectRevert(abi.encodeWithSelector(IHub.WrongState.selector, requestId));
        hub.refund(requestId);
        asker.withdraw(hub, address(asker));
        eq(address(asker).balance, FEE);
    }

    function test_OnlyTheNamedProverAnswers() public {
        IHub.Question memory q = question();
        q.prover = ALICE;
        uint256 requestId = asker.ask(hub, q);
        bytes memory proof = proofBy(BOB, requestId);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IHub.NotTheProver.selector, requestId, ALICE));
        hub.fulfil(requestId, INPUT, answer, proof);
        proof = proofBy(ALICE, requestId);
        vm.prank(ALICE);
        hub.fulfil(requestId, INPUT, answer, proof);
    }

    function test_TheVersionIsFixedWhenAsked() public {
        uint256 requestId = ask();
        supersede(id, address(mock("newer")), Shape.PublicInputContext);
        registry.deprecateModel(id);
        fulfil(ALICE, requestId);
        eq(uint256(hub.asked(requestId).version), 1);
    }

    function test_ADeprecatedModelIsAskedByItsVersionAlone() public {
        registry.deprecateModel(id);
        IHub.Question memory q = question();
        vm.expectRevert(abi.encodeWithSelector(IHub.ModelIsDeprecated.selector, id));
        hub.requestInference(q);
        q.version = 1;
        hub.requestInference(q);
    }

    function test_RefusesMalformedQuestions() public {
        IHub.Question memory q = question();
        uint64[2] memory wrong = [uint64(block.timestamp), uint64(block.timestamp) + hub.MAX_DURATION() + 1];
        for (uint256 i = 0; i < wrong.length; i++) {
            q.deadline = wrong[i];
            vm.expectRevert(abi.encodeWithSelector(IHub.DeadlineOutOfRange.selector, wrong[i]));
            hub.requestInference(q);
        }
        q = question();
        q.callbackGas = hub.MAX_CALLBACK_GAS() + 1;
        vm.expectRevert(abi.encodeWithSelector(IHub.CallbackGasOutOfRange.selector, q.callbackGas));
        hub.requestInference(q);
        q = question();
        q.modelId = publish(address(model), Shape.PrivateInput);
        vm.expectRevert(IHub.NotACommitment.selector);
        hub.requestInference(q);
    }

    function test_AModelWithoutContextTakesAnybodysProof() public {
        IHub.Question memory q = question();
        q.modelId = publish(address(model), Shape.PublicInput);
        uint256 requestId = hub.requestInference(q);
        vm.prank(BOB);
        hub.fulfil(requestId, INPUT, answer, model.prove(INPUT, answer[0], 0));
    }

    function test_ACallBackThatFailsDoesNotUndoTheSettlement() public {
        ConsumerMock.Manner[2] memory manners = [ConsumerMock.Manner.Reverts, ConsumerMock.Manner.BurnsGas];
        for (uint256 i = 0; i < manners.length; i++) {
            asker.behave(manners[i]);
            uint256 requestId = ask();
            bytes memory proof = proofBy(ALICE, requestId);
            vm.expectEmit();
            emit IHub.Undelivered(requestId);
            vm.prank(ALICE);
            hub.fulfil(requestId, INPUT, answer, proof);
            eq(hub.owed(ALICE), FEE * (i + 1));
            asker.behave(ConsumerMock.Manner.Good);
            vm.expectRevert(abi.encodeWithSelector(IHub.NothingToDeliver.selector, requestId));
            hub.redeliver(requestId, one(answer[0] + 1));
            hub.redeliver(requestId, answer);
            eq(asker.answers(), i + 1);
            vm.expectRevert(abi.encodeWithSelector(IHub.NothingToDeliver.selector, requestId));
            hub.redeliver(requestId, answer);
        }
    }

    function test_ALargeReturnCostsTheProverLittle() public {
        asker.behave(ConsumerMock.Manner.ReturnsMuch);
        uint256 requestId = ask();
        bytes memory proof = proofBy(address(this), requestId);
        uint256 before = gasleft();
        hub.fulfil(requestId, INPUT, answer, proof);
        yes(before - gasleft() < 150_000);
    }

    function test_ReentranceIsRefused() public {
        uint256 requestId = ask();
        bytes memory proof = proofBy(address(asker), requestId);
        bytes[3] memory attacks = [
            abi.encodeCall(hub.fulfil, (requestId, INPUT, answer, proof)),
            abi.encodeCall(hub.withdraw, (address(asker))),
            abi.encodeCall(hub.redeliver, (requestId, answer))
        ];
        for (uint256 i = 0; i < attacks.length; i++) {
            asker.attackWith(attacks[i]);
            requestId = ask();
            hub.fulfil(requestId, INPUT, answer, proofBy(address(this), requestId));
            eq(asker.answers(), i + 1);
        }
    }

    function test_AProverCannotStarveTheCallBack() public {
        IHub.Question memory q = question();
        q.callbackGas = 1_000_000;
        uint256 requestId = asker.ask(hub, q);
        bytes memory proof = proofBy(address(this), requestId);
        vm.expectRevert(abi.encodeWithSelector(IHub.GasTooLow.selector, requestId));
        hub.fulfil{gas: 900_000}(requestId, INPUT, answer, proof);
        hub.fulfil{gas: 2_000_000}(requestId, INPUT, answer, proof);
        eq(asker.answers(), 1);
    }

    /// Whatever gas somebody redelivers with: the call back gets what was asked for, or
    /// the answer goes on waiting.
    function test_NobodyUsesAnAnswerUpByRedelivering() public {
        Careful careful = new Careful();
        IHub.Question memory q = question();
        q.callbackGas = 300_000;
        uint256 requestId = careful.ask(hub, q);
        fulfil(ALICE, requestId);
        careful.prepare();
        bytes memory call = abi.encodeCall(hub.redeliver, (requestId, answer));
        bool delivered;
        vm.startPrank(BOB);
        for (uint256 gas_ = 30_000; !delivered; gas_ += 2_000) {
            (delivered,) = address(hub).call{gas: gas_}(call);
        }
        eq(careful.done(), 1);
        vm.expectRevert(abi.encodeWithSelector(IHub.NothingToDeliver.selector, requestId));
        hub.redeliver(requestId, answer);
    }

    /// Nothing is settled by a redelivery that fails: it can be tried again.
    function test_ARedeliveryThatFailsCanBeRepeated() public {
        asker.behave(ConsumerMock.Manner.Reverts);
        IHub.Question memory q = question();
        q.callbackGas = 1_000_000;
        uint256 requestId = asker.ask(hub, q);
        fulfil(ALICE, requestId);
        vm.expectRevert(bytes("no"));
        hub.redeliver(requestId, answer);
        asker.behave(ConsumerMock.Manner.Good);
        vm.expectRevert(abi.encodeWithSelector(IHub.GasTooLow.selector, requestId));
        hub.redeliver{gas: 1_000_000}(requestId, answer);
        hub.redeliver{gas: 1_200_000}(requestId, answer);
        eq(asker.answers(), 1);
    }

    function test_WithoutCallbackGasThereIsNoCall() public {
        IHub.Question memory q = question();
        q.callbackGas = 0;
        uint256 requestId = asker.ask(hub, q);
        hub.fulfil(requestId, INPUT, answer, proofBy(address(this), requestId));
        eq(asker.answers(), 0);
    }

    function test_AReceiverThatRefusesMoneyHindersNobodyElse() public {
        uint256 requestId = ask();
        vm.warp(block.timestamp + 1 days + 1);
        hub.refund(requestId);
        asker.refuseMoney();
        vm.expectRevert(abi.encodeWithSelector(IHub.TransferFailed.selector, address(asker)));
        asker.withdraw(hub, address(asker));
        vm.expectRevert(abi.encodeWithSelector(IHub.TransferFailed.selector, address(0)));
        asker.withdraw(hub, address(0));
        asker.withdraw(hub, BOB);
        eq(BOB.balance, FEE);
    }

    function test_APauseStopsNewRequestsAlone() public {
        uint256 requestId = ask();
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, BOB));
        hub.pause();
        hub.pause();
        IHub.Question memory q = question();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        hub.requestInference(q);
        hub.fulfil(requestId, INPUT, answer, proofBy(address(this), requestId));
        hub.unpause();
        ask();
    }

    function test_AContractAsksOnWhenItIsCalledBack() public {
        Chain chain = new Chain(hub);
        IHub.Question memory q = question();
        q.callbackGas = hub.MAX_CALLBACK_GAS();
        chain.ask(q);
        for (uint256 i = 1; i <= 3; i++) {
            eq(hub.requests(), i);
            fulfil(ALICE, i);
            eq(chain.answers(), i);
        }
        eq(hub.requests(), 3);
    }

    function test_TheEventTellsWhatTheCallBackCosts() public {
        IHub.Question memory q = question();
        vm.expectEmit();
        emit IHub.Requested(1, address(asker), id, 1, FEE, q.deadline, q.prover, q.callbackGas, q.input);
        ask();
    }
}
