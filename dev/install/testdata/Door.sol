// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ModelRegistry} from "zkml-contracts/src/ModelRegistry.sol";
import {ClassGate} from "zkml-contracts/src/consumers/ClassGate.sol";
import {Gate} from "zkml-contracts/src/consumers/Gate.sol";
import {ModelConsumer} from "zkml-contracts/src/consumers/ModelConsumer.sol";
import {IERC7992Registry} from "zkml-contracts/src/interfaces/IERC7992.sol";
import {Shape} from "zkml-contracts/src/libraries/Inference.sol";

/// A wrapper that accepts one proof.
contract OneProof {
    bytes32 public constant VK_SHA256 = keccak256("a verifying key");
    bool public constant UNSAFE_SRS = false;
    Shape public constant SHAPE = Shape.PublicInputContext;

    function verify(bytes calldata, int256[] calldata, uint256, bytes calldata proof)
        external
        pure
        returns (bool)
    {
        return keccak256(proof) == keccak256("the proof");
    }
}

/// Opens for class 3 of a model that it registers.
contract Door is ClassGate {
    mapping(address account => uint256) public visits;

    constructor(ModelRegistry registry)
        ModelConsumer(registry, _register(registry), 1, 0)
        Gate(1 days)
        ClassGate(1 << 3)
    {}

    function visit() external onlyAdmitted {
        ++visits[msg.sender];
    }

    function _requireGenuine(address, bytes calldata) internal pure override {}

    function _register(ModelRegistry registry) private returns (uint256) {
        bytes32 key = registry.declareVerifier(address(new OneProof()), Shape.PublicInputContext);
        return
            registry.registerModel(IERC7992Registry.ModelCommitment(0, 0, key, registry.PROOF_SYSTEM(), ""));
    }
}
