// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {TinyContext} from "../fixtures/TinyContext/TinyContext.sol";
import {TinyPublic} from "../fixtures/TinyPublic/TinyPublic.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {IERC7992Registry, IERC7992Verifier} from "../src/interfaces/IERC7992.sol";
import {IInferenceVerifier} from "../src/interfaces/IInferenceVerifier.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {Claim, Inference, Shape} from "../src/libraries/Inference.sol";
import {ModelTest} from "./base/ModelTest.sol";
import {WrapperMock} from "./mocks/WrapperMock.sol";

contract ModelRegistryTest is ModelTest {
    WrapperMock internal first;
    WrapperMock internal second;
    uint256 internal id;

    function setUp() public {
        first = mock("first");
        second = mock("second");
        id = publish(address(first), Shape.PublicInput);
    }

    function test_RegistersAModelForTheCaller() public view {
        (IERC7992Registry.ModelCommitment memory c, bool deprecated, address owner) = registry.getModel(id);
        eq(c.vkHash, "first");
        no(deprecated);
        eq(owner, address(this));
        eq(uint256(registry.currentVersion(id)), 1);
        IModelRegistry.Version memory v = registry.versionOf(id, 1);
        eq(v.wrapper, address(first));
        eq(v.codeHash, address(first).codehash);
        eq(registry.commitmentOf(id, 1).modelHash, "model");
        eq(bytes32(registry.proofSystemOf(id)), bytes32(registry.PROOF_SYSTEM()));
        eq(registry.registry(), address(registry));
    }

    function test_EmitsTheEventsOfTheDraft() public {
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        vm.expectEmit();
        emit IERC7992Registry.ModelRegistered(id + 1, address(this), c);
        registry.registerModel(c);
    }

    function test_KnowsItsInterfaces() public view {
        yes(registry.supportsInterface(type(IERC165).interfaceId));
        yes(registry.supportsInterface(type(IERC7992Registry).interfaceId));
        yes(registry.supportsInterface(type(IERC7992Verifier).interfaceId));
        yes(registry.supportsInterface(type(IModelRegistry).interfaceId));
        no(registry.supportsInterface(0xffffffff));
    }

    function test_RefusesAnUnsafeKey() public {
        WrapperMock unsafe = new WrapperMock("unsafe", true);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnsafeVerifier.selector, unsafe));
        registry.declareVerifier(address(unsafe), Shape.PublicInput);
    }

    function test_RefusesAnotherShapeThanTheWrapperStates() public {
        address real = address(new TinyContext());
        for (uint8 i = 0; i <= uint8(type(Shape).max); i++) {
            if (Shape(i) == Shape.PrivateInputContext) continue;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IModelRegistry.WrongShape.selector, real, Shape.PrivateInputContext, Shape(i)
                )
            );
            registry.declareVerifier(real, Shape(i));
        }
        registry.declareVerifier(real, Shape.PrivateInputContext);
    }

    function test_RefusesAWrapperThatNoShapeFits() public {
        first.state(Shape.Unlisted);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoShapeFits.selector, first));
        registry.declareVerifier(address(first), Shape.Unlisted);
    }

    /// What has no shape to read: a contract of another kind, an account without code, and
    /// answers that are no shape.
    function test_RefusesAWrapperThatStatesNoShape() public {
        bytes memory ask = abi.encodeCall(IInferenceVerifier.SHAPE, ());
        address[4] memory mute = [address(registry), ALICE, address(first), address(second)];
        vm.mockCall(address(first), ask, abi.encode(uint256(5)));
        vm.mockCall(address(second), ask, abi.encode(uint256(0), uint256(0)));
        for (uint256 i = 0; i < mute.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoShapeStated.selector, mute[i]));
            registry.declareVerifier(mute[i], Shape.PublicInput);
        }
    }

    function test_RefusesAKeyThatTheCallerDidNotDeclare() public {
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoVerifierDeclared.selector, ALICE, c.vkHash));
        registry.registerModel(c);
    }

    function test_RefusesAnotherProofSystem() public {
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        c.proofSystemId = "oops";
        vm.expectRevert(
            abi.encodeWithSelector(IERC7992Verifier.UnsupportedProofSystem.selector, bytes4("oops"))
        );
        registry.registerModel(c);
    }

    function test_ANewVersionKeepsTheOldOne() public {
        registry.declareVerifier(address(second), Shape.PublicInput);
        IERC7992Registry.ModelCommitment memory newer = commitment(address(second));
        vm.expectEmit();
        emit IERC7992Registry.ModelUpdated(id, commitment(address(first)), newer);
        registry.updateModel(id, newer);
        eq(uint256(registry.currentVersion(id)), 2);
        eq(registry.versionOf(id, 1).wrapper, address(first));
        eq(registry.versionOf(id, 2).wrapper, address(second));
        Claim memory claim = Claim("x", one(first.classOf("x")), 0);
        yes(registry.verifyClaim(id, 1, claim, first.prove("x", claim.output[0], 0)));
        no(registry.verifyClaim(id, 2, claim, first.prove("x", claim.output[0], 0)));
    }

    function test_ANewVersionWaitsForTheNotice() public {
        registry.raiseNotice(id, 1 days);
        supersede(id, address(second), Shape.PublicInput);
        eq(uint256(registry.currentVersion(id)), 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionNotFound.selector, id, 2));
        registry.versionOf(id, 2);
        eq(registry.commitmentOf(id, 2).vkHash, "second");
        (uint64 version, IModelRegistry.Version memory pending) = registry.pendingOf(id);
        eq(uint256(version), 2);
        eq(pending.wrapper, address(second));
        eq(uint256(pending.activeFrom), block.timestamp + 1 days);
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionPending.selector, id, 2));
        registry.updateModel(id, c);
        vm.warp(block.timestamp + 1 days);
        (version, pending) = registry.pendingOf(id);
        eq(uint256(version), 0);
        eq(pending.wrapper, address(0));
        eq(uint256(registry.currentVersion(id)), 2);
        eq(registry.versionOf(id, 2).wrapper, address(second));
        supersede(id, address(first), Shape.PublicInput);
    }

    function test_ANoticeOnlyGrows() public {
        eq(uint256(registry.noticeOf(id)), 0);
        registry.raiseNotice(id, 2 days);
        eq(uint256(registry.noticeOf(id)), 2 days);
        uint64 longest = registry.MAX_NOTICE();
        uint64[3] memory wrong = [uint64(2 days), 1 days, longest + 1];
        for (uint256 i = 0; i < wrong.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoticeOutOfRange.selector, wrong[i]));
            registry.raiseNotice(id, wrong[i]);
        }
        registry.raiseNotice(id, longest);
    }

    function test_AFrozenModelStays() public {
        no(registry.isFrozen(id));
        registry.freezeModel(id);
        yes(registry.isFrozen(id));
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelIsFrozen.selector, id));
        registry.updateModel(id, c);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelIsFrozen.selector, id));
        registry.freezeModel(id);
    }

    function test_ADeprecatedModelIsRefused() public {
        registry.deprecateModel(id);
        yes(registry.isDeprecated(id));
        bytes32 digest = registry.inputDigest(id, 1, "x");
        vm.expectRevert(
            abi.encodeWithSelector(IERC7992Verifier.VerificationRefused_ModelDeprecated.selector, id)
        );
        registry.verifyInference(id, digest, "", "");
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        vm.expectRevert(abi.encodeWithSelector(IERC7992Registry.ModelIsDeprecated.selector, id));
        registry.updateModel(id, c);
        vm.expectRevert(abi.encodeWithSelector(IERC7992Registry.ModelIsDeprecated.selector, id));
        registry.deprecateModel(id);
        // Who pinned the version is not concerned.
        yes(
            registry.verifyClaim(
                id, 1, Claim("x", one(first.classOf("x")), 0), first.prove("x", first.classOf("x"), 0)
            )
        );
    }

    function test_OnlyTheOwnerChangesAModel() public {
        IERC7992Registry.ModelCommitment memory c = commitment(address(first));
        bytes memory refusal = abi.encodeWithSelector(IERC7992Registry.NotModelOwner.selector, id, ALICE);
        vm.startPrank(ALICE);
        vm.expectRevert(refusal);
        registry.updateModel(id, c);
        vm.expectRevert(refusal);
        registry.deprecateModel(id);
        vm.expectRevert(refusal);
        registry.freezeModel(id);
        vm.expectRevert(refusal);
        registry.raiseNotice(id, 1);
        vm.expectRevert(refusal);
        registry.offerModel(id, ALICE);
        vm.expectRevert(refusal);
        registry.acceptModel(id);
    }

    function test_AModelChangesHandsByOfferAndAcceptance() public {
        registry.offerModel(id, ALICE);
        (,, address owner) = registry.getModel(id);
        eq(owner, address(this));
        vm.prank(ALICE);
        registry.acceptModel(id);
        (,, owner) = registry.getModel(id);
        eq(owner, ALICE);
        vm.prank(ALICE);
        vm.expectRevert();
        registry.acceptModel(id);
    }

    function test_UnknownModelsAndVersionsAreNamed() public {
        vm.expectRevert(abi.encodeWithSelector(IERC7992Registry.ModelNotFound.selector, 0));
        registry.getModel(0);
        vm.expectRevert(abi.encodeWithSelector(IERC7992Registry.ModelNotFound.selector, id + 1));
        registry.getModel(id + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionNotFound.selector, id, 0));
        registry.versionOf(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionNotFound.selector, id, 0));
        registry.commitmentOf(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.VersionNotFound.selector, id, 2));
        registry.commitmentOf(id, 2);
    }

    function test_VerifyInferenceOfAPublicInput() public {
        id = publish(address(new TinyPublic()), Shape.PublicInput);
        Proved memory p = proved("digit-3");
        bytes32 digest = registry.inputDigest(id, 1, p.input);
        vm.expectEmit();
        emit IERC7992Verifier.InferenceVerified(id, digest, abi.encode(p.output), address(this));
        registry.verifyInference(id, digest, abi.encode(p.output), abi.encode(p.input, p.proof));

        vm.expectRevert(IERC7992Verifier.InputCommitmentMismatch.selector);
        registry.verifyInference(id, "other", abi.encode(p.output), abi.encode(p.input, p.proof));
        vm.expectRevert(IERC7992Verifier.InvalidProof.selector);
        registry.verifyInference(id, digest, abi.encode(one(2)), abi.encode(p.input, p.proof));
    }

    function test_VerifyInferenceOfAPrivateInputIsBoundToTheCaller() public {
        id = publish(address(new TinyContext()), Shape.PrivateInputContext);
        Proved memory p = proved("registry");
        bytes memory packed = abi.encode(p.input, p.proof);
        eq(registry.contextOf(ALICE), p.context);
        vm.prank(BOB);
        vm.expectRevert(IERC7992Verifier.InvalidProof.selector);
        registry.verifyInference(id, bytes32(p.input), abi.encode(p.output), packed);
        vm.prank(ALICE);
        registry.verifyInference(id, bytes32(p.input), abi.encode(p.output), packed);
    }

    function test_ClaimsOfEveryShape() public {
        for (uint8 i = 0; i < 4; i++) {
            Shape shape = Shape(i);
            bool hidden = shape == Shape.PrivateInput || shape == Shape.PrivateInputContext;
            bool bound = uint8(shape) >= 2;
            uint256 model = publish(address(first), shape);
            bytes memory input = hidden ? abi.encode(bytes32("commitment")) : bytes("any bytes");
            int256 class = first.classOf(input);
            uint256 context = bound ? 42 : 0;
            bytes memory proof = first.prove(input, class, context);
            yes(registry.verifyClaim(model, 1, Claim(input, one(class), context), proof));
            no(registry.verifyClaim(model, 1, Claim(input, one(class + 1), context), proof));
            if (!bound) vm.expectRevert(abi.encodeWithSelector(Inference.UnexpectedContext.selector, 1));
            no(registry.verifyClaim(model, 1, Claim(input, one(class), context + 1), proof));
            if (hidden) vm.expectRevert(abi.encodeWithSelector(Inference.NotACommitment.selector, 33));
            no(registry.verifyClaim(model, 1, Claim(bytes.concat(input, "!"), one(class), context), proof));
            if (hidden) eq(registry.inputDigest(model, 1, input), bytes32(input));
            if (hidden) eq(registry.inputDigest(model, 1, "short"), bytes32(0));
        }
    }

    function testFuzz_DigestsOfPublicInputsDiffer(bytes calldata a, bytes calldata b) public view {
        vm.assume(keccak256(a) != keccak256(b));
        yes(registry.inputDigest(id, 1, a) != registry.inputDigest(id, 1, b));
        yes(registry.inputDigest(id, 1, a) != keccak256(a));
    }

    function testFuzz_ARealWrapperRefusesTamperedProofs(uint256 place, uint8 change) public {
        vm.assume(change != 0);
        id = publish(address(new TinyPublic()), Shape.PublicInput);
        Proved memory p = proved("digit-1");
        place = between(place, 0, p.proof.length - 1);
        p.proof[place] ^= bytes1(change);
        no(registry.verifyClaim(id, 1, Claim(p.input, p.output, 0), p.proof));
    }

    /// Whatever an owner does with a model, its notice never becomes shorter, and no version
    /// comes into force sooner than the notice from its announcement: consumers count on it.
    function testFuzz_NoNoticeIsEverTakenBack(uint8[12] calldata acts, uint32[12] calldata numbers) public {
        registry.raiseNotice(id, 1 days);
        uint64 notice = registry.noticeOf(id);
        for (uint256 i = 0; i < acts.length; i++) {
            uint64 before = registry.currentVersion(id);
            if (acts[i] % 5 == 0) try registry.raiseNotice(id, numbers[i]) {} catch {}
            if (acts[i] % 5 == 1) {
                try registry.updateModel(id, commitment(address(first))) {
                    (, IModelRegistry.Version memory pending) = registry.pendingOf(id);
                    eq(uint256(pending.activeFrom), block.timestamp + notice);
                } catch {}
            }
            if (acts[i] % 5 == 2) try registry.freezeModel(id) {} catch {}
            if (acts[i] % 5 == 3) {
                registry.offerModel(id, address(this));
                registry.acceptModel(id);
            }
            eq(uint256(registry.currentVersion(id)), before);
            yes(registry.noticeOf(id) >= notice);
            notice = registry.noticeOf(id);
            if (acts[i] % 5 == 4) vm.warp(block.timestamp + numbers[i] % 3 days);
        }
    }

    function test_AnOutputHasOneForm() public {
        id = publish(address(first), Shape.PublicInputContext);
        int256 class = first.classOf("x");
        bytes memory inner = first.prove("x", class, registry.contextOf(address(this)));
        bytes32 digest = registry.inputDigest(id, 1, "x");
        bytes memory packed = abi.encode(bytes("x"), inner);
        bytes memory output = abi.encode(one(class));
        bytes memory other = abi.encodePacked(uint256(0x40), uint256(0xdead), uint256(1), class, uint256(77));
        vm.expectRevert(IERC7992Verifier.OutputMismatch.selector);
        registry.verifyInference(id, digest, other, packed);
        vm.expectRevert(IERC7992Verifier.OutputMismatch.selector);
        registry.verifyInference(id, digest, bytes.concat(output, bytes32(0)), packed);
        vm.expectRevert(IERC7992Verifier.InvalidProof.selector);
        registry.verifyInference(id, digest, output, bytes.concat(packed, bytes32(0)));
        registry.verifyInference(id, digest, output, packed);
    }
}
