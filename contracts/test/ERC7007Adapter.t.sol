// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyPublic} from "../fixtures/TinyPublic/TinyPublic.sol";
import {ERC7007Adapter} from "../src/ERC7007Adapter.sol";
import {Shape} from "../src/libraries/Inference.sol";
import {ModelTest} from "./base/ModelTest.sol";
import {WrapperMock, YesMock} from "./mocks/WrapperMock.sol";

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

    function test_APrivatePromptIsACommitment() public {
        WrapperMock model = mock("private");
        adapter = new ERC7007Adapter(registry, publish(address(model), Shape.PrivateInput), 1);
        bytes memory prompt = abi.encode(bytes32("a commitment"));
        int256 class = model.classOf(prompt);
        yes(adapter.verify(prompt, abi.encode(one(class)), model.prove(prompt, class, 0)));
        no(adapter.verify("no commitment", abi.encode(one(class)), ""));
    }

    function test_RefusesAModelWithAContext() public {
        uint256 bound = publish(address(mock("bound")), Shape.PublicInputContext);
        vm.expectRevert(ERC7007Adapter.ContextNotSupported.selector);
        new ERC7007Adapter(registry, bound, 1);
    }

    /// Too little gas is a revert, and never taken for another content.
    function test_TooLittleGasIsNoAnswer() public {
        adapter = new ERC7007Adapter(registry, publish(address(new YesMock()), Shape.PublicInput), 1);
        for (uint256 n = 10; n <= 1000; n *= 10) {
            bytes memory call = abi.encodeCall(adapter.verify, ("", abi.encode(new int256[](n)), ""));
            yes(adapter.verify("", abi.encode(new int256[](n)), ""));
            for (uint256 gas_ = 1_000; gas_ < 600_000; gas_ += 2_000) {
                (bool done, bytes memory answer) = address(adapter).staticcall{gas: gas_}(call);
                if (done) yes(abi.decode(answer, (bool)));
            }
        }
    }

    function test_AContentHasOneForm() public view {
        bytes[5] memory others = [
            abi.encodePacked(uint256(0x40), uint256(1), p.output[0]),
            abi.encodePacked(uint256(0x20), uint256(2), p.output[0]),
            abi.encodePacked(uint256(0x20), uint256(0), p.output[0]),
            abi.encodePacked(uint256(0x20), type(uint256).max, p.output[0]),
            abi.encodePacked(uint256(0x20), uint256(1), p.output[0], bytes1(0))
        ];
        for (uint256 i = 0; i < others.length; i++) {
            no(adapter.verify(p.input, others[i], p.proof));
        }
    }
}
