// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Guard} from "../fixtures/Guard/Guard.sol";
import {ModelTest} from "./base/ModelTest.sol";

/// Says yes to everything.
contract YesVerifier {
    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(true);
    }
}

/// How a wrapper is compared with one's own export, as README.md has it, and why no less
/// will do.
contract CompareCodeTest is ModelTest {
    Guard internal mine = new Guard();
    Guard internal other = new Guard();
    address internal liar = address(new YesVerifier());

    /// The code of `mine` with another address in the first `places` of its immutables.
    function codeWith(address verifier, uint256 places) internal view returns (bytes memory code) {
        code = address(mine).code;
        bytes32 old = bytes32(uint256(uint160(mine.verifier())));
        for (uint256 i = 0; i + 32 <= code.length && places > 0; i++) {
            bytes32 word;
            assembly {
                word := mload(add(add(code, 0x20), i))
            }
            if (word != old) continue;
            places--;
            assembly {
                mstore(add(add(code, 0x20), i), verifier)
            }
        }
    }

    function same(Guard wrapper) internal view returns (bool) {
        address verifier = wrapper.verifier();
        return keccak256(address(wrapper).code) == keccak256(codeWith(verifier, type(uint256).max))
            && verifier.codehash == mine.verifier().codehash;
    }

    function test_EqualSourcesHaveDifferentHashes() public view {
        no(address(mine).codehash == address(other).codehash);
        yes(same(other));
    }

    function test_AWrapperOfAnotherVerifierSaysTheSameOfItself() public {
        Guard fake = Guard(address(0xFA4E));
        vm.etch(address(fake), codeWith(liar, type(uint256).max));
        Proved memory p = proved("guard-calm");
        eq(fake.VK_SHA256(), mine.VK_SHA256());
        yes(fake.verify(p.input, one(p.output[0] + 1), p.proof));
        no(same(fake));
    }

    function test_ImmutablesThatDifferFromEachOtherAreFound() public {
        Guard fake = Guard(address(0xFA4E));
        vm.etch(address(fake), codeWith(liar, 1));
        no(same(fake));
    }
}
