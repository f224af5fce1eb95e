// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ModelRegistry} from "../src/ModelRegistry.sol";
import {Shape} from "../src/libraries/Inference.sol";
import {IERC7992Registry} from "../src/interfaces/IERC7992.sol";
import {Test} from "./base/Test.sol";
import {WrapperMock} from "./mocks/WrapperMock.sol";

contract ModelRegistryTest is Test {
    ModelRegistry internal registry = new ModelRegistry();

    function test_RegistersAModel() public {
        WrapperMock wrapper = new WrapperMock("key", false);
        registry.declareVerifier(address(wrapper), Shape.PublicInput);
        uint256 id = registry.registerModel(
            IERC7992Registry.ModelCommitment("model", "circuit", "key", registry.PROOF_SYSTEM(), "")
        );
        eq(id, 1);
        eq(registry.versionOf(1, 1).wrapper, address(wrapper));
    }
}
