// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Hub} from "../../src/hubs/Hub.sol";
import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";
import {Actors} from "./Actors.sol";

contract OptimisticHubActors is Actors {
    OptimisticHub internal target;
    mapping(uint256 requestId => bytes) internal inputs;
    mapping(uint256 requestId => int256) internal proposals;

    /// How many disputes ended so that the loser and everybody who gained by it, without
    /// the asker, had lost less than half a bond together; and so that the winner had not
    /// gained half a bond.
    uint256 public freeLies;
    uint256 public poorWinners;

    constructor(OptimisticHub target_, WrapperMock model_, uint256 modelId_) Actors(model_, modelId_) {
        target = target_;
    }

    function hub() public view override returns (Hub) {
        return target;
    }

    function ask(uint8 who, uint64 fee, uint64 more, uint256 salt) external {
        uint256 bond = 2 * uint256(fee) + more + 1;
        vm.prank(people[who % people.length]);
        uint256 requestId = target.requestInference{value: fee}(question(salt), bond);
        inputs[requestId] = inputOf(salt);
    }

    function propose(uint8 who, uint256 seed, bool lie) external {
        uint256 requestId = recent(seed);
        int256 class = model.classOf(inputs[requestId]);
        proposals[requestId] = lie ? class ^ 1 : class;
        uint256 bond = target.disputeOf(requestId).bond;
        vm.prank(people[who % people.length]);
        target.propose{value: bond}(requestId, one(proposals[requestId]));
    }

    function challenge(uint8 who, uint256 seed) external {
        uint256 requestId = recent(seed);
        uint256 bond = target.disputeOf(requestId).bond;
        vm.prank(people[who % people.length]);
        target.challenge{value: bond}(requestId);
    }

    function prove(uint8 who, uint256 seed) external {
        uint256 requestId = recent(seed);
        address person = people[who % people.length];
        bytes memory input = inputs[requestId];
        int256 class = model.classOf(input);
        bytes memory proof = model.prove(input, class, target.contextOf(requestId, person));
        OptimisticHub.Dispute memory d = target.disputeOf(requestId);
        uint256[4] memory before = owedToEach();
        vm.prank(person);
        target.prove(requestId, input, one(class), proof);
        countSettlement(requestId);
        countProof(proof);
        judge(requestId, d, proposals[requestId] == class, person, before);
    }

    function finalise(uint256 seed) external {
        uint256 requestId = recent(seed);
        target.finalise(requestId, one(proposals[requestId]));
        countSettlement(requestId);
    }

    function refund(uint256 seed) external {
        uint256 requestId = recent(seed);
        OptimisticHub.Dispute memory d = target.disputeOf(requestId);
        uint256[4] memory before = owedToEach();
        target.refund(requestId);
        countSettlement(requestId);
        judge(requestId, d, false, target.asked(requestId).requester, before);
    }

    function owedToEach() internal view returns (uint256[4] memory each) {
        for (uint256 i = 0; i < people.length; i++) {
            each[i] = target.owed(people[i]);
        }
    }

    /// Looks at who has won and lost how much in a dispute, apart from the fee.
    function judge(
        uint256 requestId,
        OptimisticHub.Dispute memory d,
        bool right,
        address paid,
        uint256[4] memory before
    ) internal {
        if (d.status != OptimisticHub.Status.Challenged) return;
        (address winner, address loser) = right ? (d.proposer, d.challenger) : (d.challenger, d.proposer);
        address asker = target.asked(requestId).requester;
        int256 bond = int256(d.bond);
        int256 together;
        for (uint256 i = 0; i < people.length; i++) {
            address person = people[i];
            int256 gain = int256(target.owed(person)) - int256(before[i]);
            if (person == paid) gain -= int256(target.asked(requestId).fee);
            if (person == winner) gain -= bond;
            if (person == loser) gain -= bond;
            if (person != asker && (gain > 0 || person == loser)) together += gain;
            if (person == winner && winner != loser && gain < bond / 2) poorWinners++;
        }
        if (loser != asker && together > bond / 2 - bond) freeLies++;
    }

    /// The fees and bonds of requests that are not settled.
    function held() external view returns (uint256 sum) {
        for (uint256 i = 1; i <= target.requests(); i++) {
            OptimisticHub.Dispute memory d = target.disputeOf(i);
            bool open = d.status == OptimisticHub.Status.Open;
            bool proposed = d.status == OptimisticHub.Status.Proposed;
            bool challenged = d.status == OptimisticHub.Status.Challenged;
            if (open || proposed || challenged) sum += target.asked(i).fee;
            if (proposed || challenged) sum += d.bond;
            if (challenged) sum += d.bond;
        }
    }
}

contract OptimisticHubInvariants is ModelTest {
    OptimisticHub internal hub;
    OptimisticHubActors internal actors;

    function setUp() public {
        WrapperMock model = mock("mock");
        hub = make();
        actors = new OptimisticHubActors(hub, model, publish(address(model), Shape.PublicInputContext));
    }

    function make() internal virtual returns (OptimisticHub) {
        return new OptimisticHub(registry, address(this), 1 days, 1 days);
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(actors);
    }

    function invariant_ARequestIsSettledOnceAndAProofUsedOnce() external view {
        yes(actors.mostSettlements() <= 1);
        yes(actors.mostUses() <= 1);
    }

    /// Nobody lies or doubts for nothing, by however many accounts; who is right gains.
    function invariant_WhoIsWrongLosesHalfABond() external view {
        eq(actors.freeLies(), 0);
        eq(actors.poorWinners(), 0);
    }

    /// After each run, because it adds up all requests: what is held and owed is there.
    function afterInvariant() external view {
        eq(address(hub).balance, actors.held() + actors.owed());
    }
}
