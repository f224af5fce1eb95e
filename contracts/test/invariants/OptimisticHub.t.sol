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

    constructor(OptimisticHub target_, WrapperMock model_, uint256 modelId_) Actors(model_, modelId_) {
        target = target_;
    }

    function hub() public view override returns (Hub) {
        return target;
    }

    function ask(uint8 who, uint64 fee, uint64 bond, uint256 salt) external {
        vm.prank(people[who % people.length]);
        uint256 requestId = target.requestInference{value: fee}(question(salt), uint256(bond) + 1);
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
        vm.prank(person);
        target.prove(requestId, input, one(class), proof);
        countSettlement(requestId);
        countProof(proof);
    }

    function finalise(uint256 seed) external {
        uint256 requestId = recent(seed);
        target.finalise(requestId, one(proposals[requestId]));
        countSettlement(requestId);
    }

    function refund(uint256 seed) external {
        uint256 requestId = recent(seed);
        target.refund(requestId);
        countSettlement(requestId);
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

    /// After each run, because it adds up all requests: what is held and owed is there.
    function afterInvariant() external view {
        eq(address(hub).balance, actors.held() + actors.owed());
    }
}
