// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ModelRegistry} from "../../src/ModelRegistry.sol";
import {IERC7992Registry} from "../../src/interfaces/IERC7992.sol";
import {IInferenceVerifier} from "../../src/interfaces/IInferenceVerifier.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {StatedMock, WrapperMock} from "../mocks/WrapperMock.sol";
import {Test} from "./Test.sol";

/// A registry, and models in it: real ones with the proofs of fixtures/, and stand-ins.
abstract contract ModelTest is Test {
    address internal constant DEPLOYER = 0x00000000000000000000000000000000000D3910;
    address internal constant ALICE = 0x00000000000000000000000000000000000A11cE;
    address internal constant BOB = 0x0000000000000000000000000000000000000B0b;
    address internal constant CAROL = 0x000000000000000000000000000000000000ca01;

    /// A proof of fixtures/proofs, with what it is about as a Claim has it.
    struct Proved {
        bytes input;
        int256[] output;
        uint256 context;
        bytes proof;
    }

    ModelRegistry internal registry;

    /// The registry is where fixtures/cases.json has it.
    constructor() {
        deployNext(0);
        registry = new ModelRegistry();
    }

    /// Makes the next contract stand at the address that the deployer's nonce gives:
    /// fixtures/cases.json counts on it.
    function deployNext(uint64 nonce) internal {
        vm.setNonce(DEPLOYER, nonce);
        vm.prank(DEPLOYER);
    }

    function proved(string memory name) internal view returns (Proved memory p) {
        string memory json = vm.readFile(string.concat("fixtures/proofs/", name, ".json"));
        bool hidden = vm.keyExistsJson(json, ".inputCommitment");
        p.input = hidden
            ? abi.encode(vm.parseJsonBytes32(json, ".inputCommitment"))
            : vm.parseJsonBytes(json, ".input");
        p.output = vm.parseJsonIntArray(json, ".output");
        if (vm.keyExistsJson(json, ".context")) p.context = vm.parseJsonUint(json, ".context");
        p.proof = vm.parseJsonBytes(json, ".proof");
    }

    /// Registers a model of this contract's. A stand-in states the shape.
    function publish(address wrapper, Shape shape) internal returns (uint256 modelId) {
        tell(wrapper, shape);
        registry.declareVerifier(wrapper, shape);
        modelId = registry.registerModel(commitment(wrapper));
    }

    /// Gives a model of this contract's a new version.
    function supersede(uint256 modelId, address wrapper, Shape shape) internal {
        tell(wrapper, shape);
        registry.declareVerifier(wrapper, shape);
        registry.updateModel(modelId, commitment(wrapper));
    }

    /// Tells a stand-in what it states; real wrappers take no orders.
    function tell(address wrapper, Shape shape) internal {
        try StatedMock(wrapper).state(shape) {} catch {}
    }

    function commitment(address wrapper) internal view returns (IERC7992Registry.ModelCommitment memory) {
        return IERC7992Registry.ModelCommitment({
            modelHash: "model",
            circuitHash: 0,
            vkHash: IInferenceVerifier(wrapper).VK_SHA256(),
            proofSystemId: registry.PROOF_SYSTEM(),
            uri: ""
        });
    }

    /// Another stand-in with each key.
    function mock(bytes32 vkHash) internal returns (WrapperMock) {
        return new WrapperMock(vkHash, false);
    }
}
