// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A network of 400 inputs, 64 hidden units and 10 classes, run in the EVM.
/// @notice For comparison with a proof. It computes the very integers that a proof of
/// mlp400 is about.
/// @dev The weights are the code of another contract, which never runs: a zero byte,
/// then four parts, big-endian and without gaps.
///
/// - For each of 400 inputs, 64 weights of 6 bits, each plus 32. Four of them share 3
///   bytes, the first one lowest.
/// - For each hidden unit, its bias in 4 bytes, two's complement.
/// - For each hidden unit, its weight to each class plus 128, in 3 bytes.
/// - For each class, its bias in 8 bytes, two's complement.
///
/// Weights that share a word are multiplied by one MUL: what is kept of a word are
/// lanes so wide that no sum reaches the next one. A sum of the first layer is below
/// 400·63·255 < 2^24, one of the second below 64·255·16383 < 2^48.
contract Network {
    /// The picture has not 400 bytes.
    error WrongLength();

    /// The weights' contract has another length.
    error NotWeights();

    /// Where the weights stand.
    address public immutable weights;

    uint256 private constant INPUTS = 400;
    uint256 private constant HIDDEN = 64;
    uint256 private constant CLASSES = 10;

    /// Bytes of an input's row, and the places of the four parts.
    uint256 private constant ROW = 48;
    uint256 private constant BIASES = 19200;
    uint256 private constant SECOND = 19456;
    uint256 private constant LAST = 21376;
    uint256 private constant SIZE = 21456;

    /// Memory behind the weights: eight sums of eight lanes each, in whole words.
    uint256 private constant SUMS = 21504;

    /// Six bits in each of eight lanes of 24 bits, and eight in each of five of 48.
    uint256 private constant SIX = 0x00003f00003f00003f00003f00003f00003f00003f00003f0000000000000000;
    uint256 private constant EIGHT = 0x0000000000ff0000000000ff0000000000ff0000000000ff0000000000ff0000;

    /// One byte in each of four lanes of 32 bits.
    uint256 private constant BYTE = 0x000000ff000000ff000000ff000000ff;

    constructor(address weights_) {
        if (weights_.code.length != SIZE + 1) revert NotWeights();
        weights = weights_;
    }

    /// @notice The digit in a picture.
    /// @param picture 20 by 20 grey values, bright on dark, row by row.
    function classify(bytes calldata picture) external view returns (uint256 digit) {
        int256[CLASSES] memory all = _scores(picture);
        for (uint256 c = 1; c < CLASSES; ++c) {
            if (all[c] > all[digit]) digit = c;
        }
    }

    /// @notice The sums of the last layer, of which the digit is the first largest.
    function scores(bytes calldata picture) external view returns (int256[CLASSES] memory) {
        return _scores(picture);
    }

    function _scores(bytes calldata picture) private view returns (int256[CLASSES] memory out) {
        if (picture.length != INPUTS) revert WrongLength();
        address source = weights;
        assembly ("memory-safe") {
            let free := mload(0x40)
            extcodecopy(source, free, 1, SIZE)
            first(picture.offset, free)
            second(mul(32, total(picture.offset)), free, out)

            /// The first layer, a word of weights at a time. Inputs of zero are passed over.
            function first(pixel, data) {
                let a0, a1, a2, a3, a4, a5, a6, a7
                let row := data
                for { let end := add(pixel, INPUTS) } lt(pixel, end) { pixel := add(pixel, 1) } {
                    let x := byte(0, calldataload(pixel))
                    if x {
                        let w := mload(row)
                        a0 := add(a0, mul(x, and(w, SIX)))
                        a1 := add(a1, mul(x, and(shr(6, w), SIX)))
                        a2 := add(a2, mul(x, and(shr(12, w), SIX)))
                        a3 := add(a3, mul(x, and(shr(18, w), SIX)))
                        w := mload(add(row, 24))
                        a4 := add(a4, mul(x, and(w, SIX)))
                        a5 := add(a5, mul(x, and(shr(6, w), SIX)))
                        a6 := add(a6, mul(x, and(shr(12, w), SIX)))
                        a7 := add(a7, mul(x, and(shr(18, w), SIX)))
                    }
                    row := add(row, ROW)
                }
                data := add(data, SUMS)
                mstore(data, a0)
                mstore(add(data, 0x20), a1)
                mstore(add(data, 0x40), a2)
                mstore(add(data, 0x60), a3)
                mstore(add(data, 0x80), a4)
                mstore(add(data, 0xa0), a5)
                mstore(add(data, 0xc0), a6)
                mstore(add(data, 0xe0), a7)
            }

            /// The sum of all inputs, sixteen at a time: below 2^32, as is every lane.
            function total(pixel) -> sum {
                let lanes
                for { let end := add(pixel, INPUTS) } lt(pixel, end) { pixel := add(pixel, 16) } {
                    let w := shr(128, calldataload(pixel))
                    lanes := add(lanes, add(and(w, BYTE), and(shr(8, w), BYTE)))
                    lanes := add(lanes, add(and(shr(16, w), BYTE), and(shr(24, w), BYTE)))
                }
                for {} lanes { lanes := shr(32, lanes) } { sum := add(sum, and(lanes, 0xffffffff)) }
            }

            /// What lies between the layers, and the second one. The excess is what the
            /// weights' zero-point added to each sum. A hidden unit is a sum divided by four
            /// to the nearest, within 0 and 16383.
            function second(excess, data, to) {
                let even, odd, hidden
                for { let n := 0 } lt(n, HIDDEN) { n := add(n, 1) } {
                    let sum := mload(add(add(data, SUMS), add(mul(0x80, shr(5, n)), mul(0x20, and(n, 3)))))
                    sum := and(shr(sub(232, mul(24, and(shr(2, n), 7))), sum), 0xffffff)
                    let bias := sar(224, mload(add(add(data, BIASES), mul(4, n))))
                    let h := add(sub(add(sum, bias), excess), 2)
                    if sgt(h, 3) {
                        h := shr(2, h)
                        if gt(h, 16383) { h := 16383 }
                        hidden := add(hidden, h)
                        let w := mload(add(add(data, SECOND), mul(30, n)))
                        even := add(even, mul(h, and(shr(24, w), EIGHT)))
                        odd := add(odd, mul(h, and(w, EIGHT)))
                    }
                }
                hidden := mul(128, hidden)
                for { let c := 0 } lt(c, CLASSES) { c := add(c, 1) } {
                    let sum := even
                    if and(c, 1) { sum := odd }
                    sum := and(shr(sub(208, mul(48, shr(1, c))), sum), 0xffffffffffff)
                    let bias := sar(192, mload(add(add(data, LAST), mul(8, c))))
                    mstore(add(to, mul(0x20, c)), sub(add(sum, bias), hidden))
                }
            }
        }
    }
}
