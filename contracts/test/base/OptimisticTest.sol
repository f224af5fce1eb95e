// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";
import {ModelTest} from "./ModelTest.sol";

/// An OptimisticHub, a question, and the steps that answer it.
abstract contract OptimisticTest is ModelTest {
    uint256 internal constant FEE = 1 ether;
    uint256 internal constant BOND = 3 ether + 1;
    bytes internal constant INPUT = "a public input";

    OptimisticHub internal hub;
    WrapperMock internal model = mock("mock");
    uint256 internal id;
    int256[] internal right;
    int256[] internal wrong;
    uint256 internal request;

    /// The hub is where fixtures/cases.json has it.
    function deployHub() internal {
        deployNext(2);
        hub = new OptimisticHub(registry, address(this), 1 hours, 1 days);
        id = publish(address(model), Shape.PublicInputContext);
        right = one(model.classOf(INPUT));
        wrong = one(right[0] ^ 1);
    }

    function question() internal view returns (IHub.Question memory) {
        return IHub.Question(id, 0, INPUT, uint64(block.timestamp) + 1 days, address(0), 100_000);
    }

    function propose(address who, int256[] memory output) internal {
        uint256 bond = hub.disputeOf(request).bond;
        vm.prank(who);
        hub.propose{value: bond}(request, output);
    }

    function challenge(address who) internal {
        uint256 bond = hub.disputeOf(request).bond;
        vm.prank(who);
        hub.challenge{value: bond}(request);
    }

    function prove(address who) internal {
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, who));
        vm.prank(who);
        hub.prove(request, INPUT, right, proof);
    }

    /// A proof that the hub refuses, with this reason.
    function proveInVain(address who, bytes memory reason) internal {
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, who));
        vm.prank(who);
        vm.expectRevert(reason);
        hub.prove(request, INPUT, right, proof);
    }

    function in_(OptimisticHub.Status status) internal view {
        eq(uint256(hub.disputeOf(request).status), uint256(status));
    }
}
