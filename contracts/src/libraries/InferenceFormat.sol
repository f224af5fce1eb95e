// SPDX-License-Identifier: Apache-2.0
// Written by zkml: the same file for every model.
pragma solidity ^0.8.24;

/// @notice The arguments that a wrapper takes between its name and `proof`: whether the
/// input is hidden behind a commitment, and whether its proofs are bound to a context.
/// Unlisted is a wrapper of none of the four: with other arguments, of a batch, or of an
/// output that is a commitment. A wrapper answers ERC-165 for the selector of its `verify`.
enum Shape {
    PublicInput,
    PrivateInput,
    PublicInputContext,
    PrivateInputContext,
    Unlisted
}

/// @notice The format of an input or an output. An element is an integer v that stands
/// for the real number v × mantissa × 2^exponent, exactly.
/// @param count How many elements there are; in all items of a batch.
/// @param bits An element v has v + zero in [0, 2^bits).
/// @param zero See bits.
/// @param mantissa Odd: a scale has one form.
/// @param exponent See mantissa.
/// @param classes If the elements are classes, how many there are: each is below it. Zero
/// if they are none, or if the key does not say.
struct Format {
    uint32 count;
    uint8 bits;
    int64 zero;
    uint64 mantissa;
    int16 exponent;
    uint32 classes;
}

using InferenceFormat for Format global;

/// @title Between the integers of proofs and real numbers.
/// @notice Real numbers are given times 1e18: 2e18 is 2.0.
// Magnitudes are below 2^255 where they are cast: each cast is of a number that was checked.
// forge-lint: disable-next-item(unsafe-typecast)
library InferenceFormat {
    /// The result does not fit its type. No format of a model has such elements.
    error RealOutOfRange();
    /// The format has no scale: nothing was read into it.
    error NoScale();

    /// @notice The least integer that stands for `real` or more: for every integer v, the
    /// real value of v is at least real/1e18 if, and only if, v >= fromReal(real).
    function fromReal(Format memory format, int256 real) internal pure returns (int256 least) {
        uint256 unit = _unit(format);
        uint256 rest = _magnitude(real);
        int256 exponent = int256(format.exponent) + 18;
        // |real| / (unit × 2^exponent), digit by digit: the quotient has at most 255 bits.
        bool inexact = false;
        if (exponent > 0) (rest, inexact) = _shifted(rest, uint256(exponent));
        uint256 quotient = rest / unit;
        rest %= unit;
        while (exponent < 0 && (quotient != 0 || rest != 0)) {
            uint256 digits = exponent < -128 ? 128 : uint256(-exponent);
            if (quotient >> (255 - digits) != 0) revert RealOutOfRange();
            rest <<= digits;
            quotient = (quotient << digits) + rest / unit;
            rest %= unit;
            exponent += int256(digits);
        }
        if (real < 0) return -int256(quotient);
        if (rest != 0 || inexact) ++quotient;
        if (quotient >> 255 != 0) revert RealOutOfRange();
        return int256(quotient);
    }

    /// @notice The real value of an integer, times 1e18 and rounded down: for every `real`,
    /// toWad(v) >= real if, and only if, v >= fromReal(real).
    function toWad(Format memory format, int256 v) internal pure returns (int256 wad) {
        uint256 unit = _unit(format);
        uint256 magnitude = _magnitude(v);
        if (magnitude > type(uint256).max / unit) revert RealOutOfRange();
        magnitude *= unit;
        int256 exponent = int256(format.exponent) + 18;
        if (exponent < 0) {
            bool inexact;
            (magnitude, inexact) = _shifted(magnitude, uint256(-exponent));
            if (v < 0 && inexact) ++magnitude;
        } else if (magnitude != 0) {
            if (exponent > 255 || magnitude >> (255 - uint256(exponent)) != 0) revert RealOutOfRange();
            magnitude <<= uint256(exponent);
        }
        if (magnitude >> 255 != 0) revert RealOutOfRange();
        return v < 0 ? -int256(magnitude) : int256(magnitude);
    }

    /// What 1 stands for, times 1e18, is this times 2^(exponent + 18): below 2^106.
    function _unit(Format memory format) private pure returns (uint256) {
        if (format.mantissa == 0) revert NoScale();
        return uint256(format.mantissa) * 5 ** 18;
    }

    /// Without its lowest bits, and whether one of these is set.
    function _shifted(uint256 x, uint256 bits) private pure returns (uint256 high, bool inexact) {
        high = x >> bits;
        inexact = high << bits != x;
    }

    function _magnitude(int256 x) private pure returns (uint256) {
        unchecked {
            return x < 0 ? uint256(-x) : uint256(x);
        }
    }
}
