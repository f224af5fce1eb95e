// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Guard} from "../fixtures/Guard/Guard.sol";
import {TinyContext} from "../fixtures/TinyContext/TinyContext.sol";
import {TinyPublic} from "../fixtures/TinyPublic/TinyPublic.sol";
import {
    IInferenceVerifier,
    IPrivateInputContextVerifier,
    IPublicInputVerifier
} from "../src/interfaces/IInferenceVerifier.sol";
import {Claim, Inference, Shape} from "../src/libraries/Inference.sol";
import {Format, InferenceFormat} from "../src/libraries/InferenceFormat.sol";
import {Test} from "./base/Test.sol";

/// Calls of the libraries, which tests can expect to revert.
contract Libraries {
    function fromReal(Format memory format, int256 real) external pure returns (int256) {
        return format.fromReal(real);
    }

    function toWad(Format memory format, int256 v) external pure returns (int256) {
        return format.toWad(v);
    }

    function holds(Shape shape, Claim calldata claim) external view returns (bool) {
        return Inference.holds(address(this), shape, claim, msg.data[:0]);
    }
}

contract InferenceFormatTest is Test {
    Libraries internal libraries = new Libraries();

    function scaled(uint64 mantissa, int256 exponent) internal pure returns (Format memory) {
        return Format(1, 62, 2 ** 61, mantissa, int16(exponent), 0);
    }

    function test_RealWrappersSayWhatTheyAre() public {
        IInferenceVerifier guard = IInferenceVerifier(address(new Guard()));
        yes(guard.SHAPE() == Shape.PublicInput);
        yes(guard.supportsInterface(type(IInferenceVerifier).interfaceId));
        yes(guard.supportsInterface(type(IPublicInputVerifier).interfaceId));
        no(guard.supportsInterface(type(IPrivateInputContextVerifier).interfaceId));
        yes(new TinyContext().supportsInterface(type(IPrivateInputContextVerifier).interfaceId));
        eq(guard.outputFormat(0).fromReal(2e18), 59_327);
        eq(guard.outputFormat(0).toWad(59_327), 2_000_007_713_953_386_915);
        eq(uint256(new TinyPublic().outputFormat(0).classes), 4);
        eq(uint256(guard.inputFormat(0).count), 16);
    }

    function test_NumbersOnAndBesideTheGrid() public pure {
        Format memory quarters = scaled(1, -2);
        eq(quarters.fromReal(2e18), 8);
        eq(quarters.fromReal(2e18 + 1), 9);
        eq(quarters.fromReal(2e18 - 1), 8);
        eq(quarters.fromReal(-2e18), -8);
        eq(quarters.fromReal(-2e18 + 1), -7);
        eq(quarters.fromReal(-2e18 - 1), -8);
        eq(quarters.toWad(-3), -0.75e18);
        eq(scaled(3, 1).fromReal(7e18), 2);
        eq(scaled(3, 1).toWad(2), 12e18);
        eq(scaled(1, -62).toWad(-1), -1);
        eq(scaled(1, -62).toWad(1), 0);
        eq(scaled(1, -1074).toWad(type(int64).max), 0);
        eq(scaled(1, -1074).toWad(-1), -1);
        eq(scaled(1, 970).fromReal(1), 1);
        eq(scaled(1, 970).fromReal(-1), 0);
        eq(scaled(1, 970).fromReal(0), 0);
        eq(scaled(1, -1074).fromReal(0), 0);
        eq(scaled(1, 970).toWad(0), 0);
    }

    /// Both functions say when a real number is reached, for every scale whose numbers fit.
    function testFuzz_ReachedIsReached(int64 v, int120 real, uint64 mantissa, uint8 place) public pure {
        Format memory format = scaled(mantissa | 1, -int256(uint256(place) % 120));
        vm.assertTrue((v >= format.fromReal(real)) == (format.toWad(v) >= real));
    }

    /// The least integer, by the definition: v × mantissa × 1e18 >= real × 2^-exponent, and
    /// not for v - 1. Numbers of these sizes are compared in 256 bits.
    function testFuzz_TheLeastInteger(int120 real, uint64 mantissa, uint8 place) public pure {
        uint256 digits = uint256(place) % 60;
        mantissa = mantissa | 1;
        int256 v = scaled(mantissa, -int256(digits)).fromReal(real);
        int256 unit = int256(uint256(mantissa)) * 1e18;
        int256 wanted = int256(real) << digits;
        yes(v * unit >= wanted);
        yes((v - 1) * unit < wanted);
    }

    /// The real value, rounded down, by the definition.
    function testFuzz_RoundedDown(int64 v, uint64 mantissa, uint8 place) public pure {
        uint256 digits = uint256(place) % 120;
        mantissa = mantissa | 1;
        int256 exact = int256(v) * int256(uint256(mantissa)) * 1e18;
        int256 wad = scaled(mantissa, -int256(digits)).toWad(v);
        yes(wad << digits <= exact);
        yes((wad + 1) << digits > exact);
    }

    function testFuzz_LargeScales(int64 v, int256 real, uint64 mantissa, uint8 place) public pure {
        Format memory format = scaled(mantissa | 1, int256(uint256(place) % 60));
        vm.assertTrue((v >= format.fromReal(real)) == (format.toWad(v) >= real));
    }

    /// Any format that somebody may state, and any number: an answer or a reason.
    function testFuzz_NothingWrapsAround(int256 v, int256 real, uint64 mantissa, int16 exponent) public view {
        Format memory format = scaled(mantissa, exponent);
        try libraries.fromReal(format, real) returns (int256 least) {
            yes(real > 0 ? least > 0 : least <= 0);
        } catch (bytes memory reason) {
            named(mantissa, reason);
        }
        try libraries.toWad(format, v) returns (int256 wad) {
            yes(v < 0 ? wad < 0 : wad >= 0);
        } catch (bytes memory reason) {
            named(mantissa, reason);
        }
    }

    function named(uint64 mantissa, bytes memory reason) internal pure {
        bytes4 want =
            mantissa == 0 ? InferenceFormat.NoScale.selector : InferenceFormat.RealOutOfRange.selector;
        eq(keccak256(reason), keccak256(abi.encodePacked(want)));
    }

    function test_NumbersThatNoFormatHas() public {
        vm.expectRevert(InferenceFormat.RealOutOfRange.selector);
        libraries.fromReal(scaled(1, -1074), 1);
        vm.expectRevert(InferenceFormat.RealOutOfRange.selector);
        libraries.fromReal(scaled(1, -1074), -1e18);
        vm.expectRevert(InferenceFormat.RealOutOfRange.selector);
        libraries.toWad(scaled(1, 970), 1);
        vm.expectRevert(InferenceFormat.RealOutOfRange.selector);
        libraries.toWad(scaled(1, 0), type(int256).min);
        Format memory none;
        vm.expectRevert(InferenceFormat.NoScale.selector);
        libraries.fromReal(none, 1);
    }

    function test_AClaimOfNoShapeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Inference.UnsupportedShape.selector, Shape.Unlisted));
        libraries.holds(Shape.Unlisted, Claim("", new int256[](1), 0));
    }
}
