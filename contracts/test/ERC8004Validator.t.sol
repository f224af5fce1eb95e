// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyContext} from "../fixtures/TinyContext/TinyContext.sol";
import {TinyPublic} from "../fixtures/TinyPublic/TinyPublic.sol";
import {ERC8004Validator} from "../src/ERC8004Validator.sol";
import {Claim, Shape} from "../src/libraries/Inference.sol";
import {ModelTest} from "./base/ModelTest.sol";
import {ValidationsMock} from "./mocks/ValidationsMock.sol";

contract ERC8004ValidatorTest is ModelTest {
    uint256 internal constant AGENT = 7;

    ValidationsMock internal validations;
    ERC8004Validator internal validator;
    uint256 internal modelId;
    Proved internal p;

    function setUp() public {
        validations = new ValidationsMock();
        validator = new ERC8004Validator(validations, registry);
        modelId = publish(address(new TinyPublic()), Shape.PublicInput);
        p = proved("digit-3");
    }

    function test_AProvedClaimGets100() public {
        ERC8004Validator.Request memory request = stated(p.output);
        bytes32 requestHash = file(request);
        validator.confirm(request, p.proof);
        answered(requestHash, 100);
    }

    function test_ARefutedClaimGets0() public {
        ERC8004Validator.Request memory request = stated(one(p.output[0] + 1));
        bytes32 requestHash = file(request);
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.NotProved.selector, requestHash));
        validator.confirm(request, p.proof);
        validator.refute(request, p.output, p.proof);
        answered(requestHash, 0);
    }

    function test_ARightClaimIsNotRefuted() public {
        ERC8004Validator.Request memory request = stated(p.output);
        bytes32 requestHash = file(request);
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.SameOutput.selector, requestHash));
        validator.refute(request, p.output, p.proof);
        int256 size = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
        int256[4] memory others = [p.output[0] + 1, p.output[0] - size, p.output[0] + size, -p.output[0]];
        for (uint256 i = 0; i < others.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.NotProved.selector, requestHash));
            validator.refute(request, one(others[i]), p.proof);
        }
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.NotProved.selector, requestHash));
        validator.refute(request, new int256[](0), p.proof);
        eq(validations.answers(), 0);
    }

    function test_AProofOfAnotherInputAnswersNothing() public {
        ERC8004Validator.Request memory request = stated(p.output);
        bytes32 requestHash = file(request);
        Proved memory other = proved("digit-2");
        bytes memory reason = abi.encodeWithSelector(ERC8004Validator.NotProved.selector, requestHash);
        vm.expectRevert(reason);
        validator.confirm(request, other.proof);
        vm.expectRevert(reason);
        validator.refute(request, other.output, other.proof);
    }

    function test_AProofWithAContextAnswersForThatContext() public {
        Proved memory gate = proved("gate");
        modelId = publish(address(new TinyContext()), Shape.PrivateInputContext);
        ERC8004Validator.Request memory request = stated(gate.output);
        request.claim = Claim(gate.input, gate.output, gate.context);
        bytes32 requestHash = file(request);
        validator.confirm(request, gate.proof);
        answered(requestHash, 100);

        request.claim.context++;
        requestHash = file(request);
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.NotProved.selector, requestHash));
        validator.confirm(request, gate.proof);
    }

    function test_ARequestMustBeFiledForTheAgentAndThisValidator() public {
        ERC8004Validator.Request memory request = stated(p.output);
        bytes32 requestHash = validator.requestHashOf(request);
        vm.expectRevert(bytes("unknown"));
        validator.confirm(request, p.proof);

        validations.validationRequest(address(validator), AGENT + 1, "", requestHash);
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.RequestNotFiled.selector, requestHash));
        validator.confirm(request, p.proof);

        // The agent takes another salt, and is not hindered.
        request.salt = "again";
        requestHash = file(request);
        validator.confirm(request, p.proof);
        answered(requestHash, 100);

        request.salt = "elsewhere";
        requestHash = validator.requestHashOf(request);
        validations.validationRequest(BOB, AGENT, "", requestHash);
        vm.expectRevert(abi.encodeWithSelector(ERC8004Validator.RequestNotFiled.selector, requestHash));
        validator.refute(request, one(1), p.proof);
    }

    /// Everything that is stated is in the hash, and so are the chain and the validator.
    function test_TheHashFixesTheRequest() public {
        ERC8004Validator.Request memory request = stated(p.output);
        bytes32[9] memory hashes;
        hashes[0] = validator.requestHashOf(request);
        request.agentId++;
        hashes[1] = validator.requestHashOf(request);
        request.modelId++;
        hashes[2] = validator.requestHashOf(request);
        request.version++;
        hashes[3] = validator.requestHashOf(request);
        request.claim.output = one(4);
        hashes[4] = validator.requestHashOf(request);
        request.claim.context++;
        hashes[5] = validator.requestHashOf(request);
        request.claim.input = "other";
        hashes[6] = validator.requestHashOf(request);
        hashes[7] = new ERC8004Validator(validations, registry).requestHashOf(request);
        vm.chainId(99);
        hashes[8] = validator.requestHashOf(request);
        for (uint256 i = 0; i < hashes.length; i++) {
            for (uint256 j = 0; j < i; j++) {
                no(hashes[i] == hashes[j]);
            }
        }
    }

    function stated(int256[] memory output) internal view returns (ERC8004Validator.Request memory) {
        return ERC8004Validator.Request(AGENT, modelId, 1, Claim(p.input, output, 0), "salt");
    }

    function file(ERC8004Validator.Request memory request) internal returns (bytes32 requestHash) {
        requestHash = validator.requestHashOf(request);
        validations.validationRequest(address(validator), request.agentId, "", requestHash);
    }

    function answered(bytes32 requestHash, uint8 want) internal view {
        (, uint256 agentId, uint8 response, bytes32 responseHash, string memory tag,) =
            validations.getValidationStatus(requestHash);
        eq(agentId, AGENT);
        eq(uint256(response), want);
        no(responseHash == 0);
        eq(keccak256(bytes(tag)), keccak256("zkml"));
        eq(validations.answers(), 1);
    }
}
