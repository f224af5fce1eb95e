// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ModelRegistry} from "../../src/ModelRegistry.sol";
import {InferenceHub} from "../../src/hubs/InferenceHub.sol";
import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {InferenceHubInvariants} from "../invariants/InferenceHub.t.sol";
import {OptimisticHubInvariants} from "../invariants/OptimisticHub.t.sol";

/// Forgets that a request was fulfilled.
contract ForgetfulHub is InferenceHub {
    constructor(ModelRegistry registry_) InferenceHub(registry_, msg.sender) {}

    function _move(uint256 requestId, Status status) internal override {
        if (status != Status.Fulfilled) super._move(requestId, status);
    }
}

/// Gives the challenger all of a lost bond, and the other one half of it too.
contract GenerousHub is OptimisticHub {
    constructor(ModelRegistry registry_) OptimisticHub(registry_, msg.sender, 1 days, 1 days) {}

    function _forfeit(Dispute storage d, address other) internal override {
        super._forfeit(d, other);
        _credit(d.challenger, d.bond / 2);
    }
}

/// These must fail: scripts/test-contracts.sh runs them to see that the invariants
/// find what they are for.
contract PlantedInInferenceHub is InferenceHubInvariants {
    function make() internal override returns (InferenceHub) {
        return new ForgetfulHub(registry);
    }
}

contract PlantedInOptimisticHub is OptimisticHubInvariants {
    function make() internal override returns (OptimisticHub) {
        return new GenerousHub(registry);
    }
}
