// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyPublic} from "../fixtures/TinyPublic/TinyPublic.sol";
import {ERC7007Adapter} from "../src/ERC7007Adapter.sol";
import {Shape} from "../src/libraries/Inference.sol";
import {ModelTest} from "./base/ModelTest.sol";

contract ERC7007AdapterTest is ModelTest {
    ERC7007Adapter internal adapter;
    Proved internal p;

    function setUp() public {
        adapter = new ERC7007Adapter(registry, publish(address(new TinyPublic()), Shape.PublicInput), 1);
        p = proved("digit-3");
    }

    function test_AnswersTrueForAProvedPrediction() public view {
        yes(adapter.verify(p.input, abi.encode(p.output), p.proof));
    }

    function test_AnswersFalseForEverythingElse() public view {
        no(adapter.verify(p.input, abi.encode(one(2)), p.proof));
        no(adapter.verify("", abi.encode(p.output), p.proof));
        no(adapter.verify(p.input, abi.encode(p.output), ""));
        no(adapter.verify(p.input, "", p.proof));
        no(adapter.verify(p.input, bytes.concat(abi.encode(p.output), bytes32(0)), p.proof));
    }

    function testFuzz_NeverRevertsOnContent(bytes calldata aigcData) public view {
        no(adapter.verify(p.input, aigcData, p.proof));
    }

    function test_RefusesAModelWithAContext() public {
        uint256 bound = publish(address(mock("bound")), Shape.PublicInputContext);
        vm.expectRevert(ERC7007Adapter.ContextNotSupported.selector);
        new ERC7007Adapter(registry, bound, 1);
    }
}
