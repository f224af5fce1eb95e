// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Hub} from "../../src/hubs/Hub.sol";
import {InferenceHub} from "../../src/hubs/InferenceHub.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";
import {Actors} from "./Actors.sol";

contract InferenceHubActors is Actors {
    InferenceHub internal target;
    mapping(uint256 requestId => bytes) internal inputs;

    constructor(InferenceHub target_, WrapperMock model_, uint256 modelId_) Actors(model_, modelId_) {
        target = target_;
    }

    function hub() public view override returns (Hub) {
        return target;
    }

    function ask(uint8 who, uint64 fee, uint256 salt) external {
        vm.prank(people[who % people.length]);
        uint256 requestId = target.requestInference{value: fee}(question(salt));
        inputs[requestId] = inputOf(salt);
    }

    function fulfil(uint8 who, uint256 seed) external {
        uint256 requestId = recent(seed);
        address person = people[who % people.length];
        bytes memory input = inputs[requestId];
        int256 class = model.classOf(input);
        bytes memory proof = model.prove(input, class, target.contextOf(requestId, person));
        vm.prank(person);
        target.fulfil(requestId, input, one(class), proof);
        countSettlement(requestId);
        countProof(proof);
    }

    function refund(uint256 seed) external {
        uint256 requestId = recent(seed);
        target.refund(requestId);
        countSettlement(requestId);
    }

    /// The fees of requests that are open.
    function held() external view returns (uint256 sum) {
        for (uint256 i = 1; i <= target.requests(); i++) {
            if (target.statusOf(i) == InferenceHub.Status.Open) sum += target.asked(i).fee;
        }
    }
}

contract InferenceHubInvariants is ModelTest {
    InferenceHub internal hub;
    InferenceHubActors internal actors;

    function setUp() public {
        WrapperMock model = mock("mock");
        hub = make();
        actors = new InferenceHubActors(hub, model, publish(address(model), Shape.PublicInputContext));
    }

    function make() internal virtual returns (InferenceHub) {
        return new InferenceHub(registry, address(this));
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
