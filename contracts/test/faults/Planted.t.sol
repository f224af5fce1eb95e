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

/// Gives the winner all of a lost bond, and the asker one half of it too.
contract GenerousHub is OptimisticHub {
    constructor(ModelRegistry registry_) OptimisticHub(registry_, msg.sender, 1 days, 1 days) {}

    function _decide(uint256 requestId, Dispute storage d, address winner) internal override {
        super._decide(requestId, d, winner);
        _credit(winner, d.bond / 2);
    }
}

/// Gives half of a lost bond to who settles, and not to the asker.
contract ForgivingHub is OptimisticHub {
    constructor(ModelRegistry registry_) OptimisticHub(registry_, msg.sender, 1 days, 1 days) {}

    function _decide(uint256, Dispute storage d, address winner) internal override {
        uint256 half = d.bond / 2;
        _credit(winner, d.bond + half);
        _credit(msg.sender, d.bond - half);
    }
}

/// Gives the asker all of a lost bond.
contract ThanklessHub is OptimisticHub {
    constructor(ModelRegistry registry_) OptimisticHub(registry_, msg.sender, 1 days, 1 days) {}

    function _decide(uint256 requestId, Dispute storage d, address winner) internal override {
        _credit(winner, d.bond);
        _credit(_asked[requestId].requester, d.bond);
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

contract PlantedForLiars is OptimisticHubInvariants {
    function make() internal override returns (OptimisticHub) {
        return new ForgivingHub(registry);
    }
}

contract PlantedAgainstWatchers is OptimisticHubInvariants {
    function make() internal override returns (OptimisticHub) {
        return new ThanklessHub(registry);
    }
}
