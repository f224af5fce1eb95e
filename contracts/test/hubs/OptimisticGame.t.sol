// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {OptimisticTest} from "../base/OptimisticTest.sol";

/// Challenges and proves in one transaction.
contract AtOnce {
    function run(
        OptimisticHub hub,
        uint256 request,
        bytes calldata input,
        int256[] calldata output,
        bytes calldata proof
    ) external payable {
        hub.challenge{value: msg.value}(request);
        hub.prove(request, input, output, proof);
    }
}

/// What everybody gains and loses in OptimisticHub, by every end of a request and for
/// everybody who tries to be several parties at once. ALICE proposes, BOB challenges and
/// CAROL proves, unless a test says otherwise; EVE is the asker.
contract OptimisticGameTest is OptimisticTest {
    address internal constant EVE = address(0xE7E);
    int256 internal constant F = int256(FEE);
    int256 internal constant B = int256(BOND);
    int256 internal constant HALF = B / 2;

    address[4] internal people = [ALICE, BOB, CAROL, EVE];
    int256[4] internal before;

    function setUp() public {
        deployHub();
        for (uint256 i = 0; i < people.length; i++) {
            vm.deal(people[i], 1000 ether);
        }
        begin();
    }

    /// A new request, from which on gains are counted.
    function begin() internal {
        begin(FEE, BOND);
    }

    function begin(uint256 fee, uint256 bond) internal {
        for (uint256 i = 0; i < people.length; i++) {
            before[i] += gain(i);
        }
        IHub.Question memory q = question();
        vm.prank(EVE);
        request = hub.requestInference{value: fee}(q, bond);
    }

    /// What a person has more than when the request began, paid out or not.
    function gain(uint256 i) internal view returns (int256) {
        return int256(people[i].balance + hub.owed(people[i])) - before[i];
    }

    /// The gains of all four; what they add up to is in the hub.
    function gained(int256 alice, int256 bob, int256 carol, int256 eve) internal view {
        eq(gain(0), alice);
        eq(gain(1), bob);
        eq(gain(2), carol);
        eq(gain(3), eve);
        eq(alice + bob + carol + eve, 0);
    }

    function expire() internal {
        vm.warp(block.timestamp + 1 days + 1);
        hub.refund(request);
    }

    function test_NothingProposed() public {
        expire();
        gained(0, 0, 0, 0);
    }

    function test_ProvedBeforeAnyProposal() public {
        prove(CAROL);
        gained(0, 0, F, -F);
    }

    function test_SilenceIsConsent() public {
        propose(ALICE, right);
        vm.warp(block.timestamp + 1 hours + 1);
        hub.finalise(request, right);
        gained(F, 0, 0, -F);
    }

    function test_ProvedRightWithoutAChallenge() public {
        propose(ALICE, right);
        prove(CAROL);
        gained(0, 0, F, -F);
    }

    function test_ChallengedAndProvedRight() public {
        propose(ALICE, right);
        challenge(BOB);
        prove(CAROL);
        gained(HALF, -B, F, B - HALF - F);
    }

    function test_ChallengedAndProvedWrong() public {
        propose(ALICE, wrong);
        challenge(BOB);
        prove(CAROL);
        gained(-B, HALF, F, B - HALF - F);
    }

    function test_ChallengedAndNothingProved() public {
        propose(ALICE, wrong);
        challenge(BOB);
        expire();
        gained(-B, HALF, 0, B - HALF);
    }

    function test_NeverFinalised() public {
        propose(ALICE, right);
        vm.warp(block.timestamp + 1 hours + 30 days + 1);
        hub.refund(request);
        gained(0, 0, 0, 0);
    }

    /// Whoever proves, at once or at the last moment: the fee is his, and no bond moves otherwise.
    function test_WhoProvesAndWhenDoesNotMoveABond() public {
        for (uint256 i = 0; i < 16; i++) {
            begin();
            bool honest = i & 4 == 0;
            propose(ALICE, honest ? right : wrong);
            challenge(BOB);
            if (i & 8 != 0) vm.warp(block.timestamp + 1 days);
            prove(people[i % 4]);
            before[i % 4] += F;
            gainedApartFromTheFee(honest ? HALF : -B, honest ? -B : HALF);
        }
    }

    function gainedApartFromTheFee(int256 alice, int256 bob) internal view {
        eq(gain(0), alice);
        eq(gain(1), bob);
        eq(gain(2), 0);
        eq(gain(3), B - HALF - F);
    }

    /// Who lies, doubts the lie and proves it wrong, by as many accounts as he likes.
    function test_ALiarOfThreeAccountsLosesHalfABond() public {
        propose(ALICE, wrong);
        challenge(BOB);
        prove(CAROL);
        eq(gain(0) + gain(1) + gain(2), F - (B - HALF));
        yes(gain(0) + gain(1) + gain(2) < 0);
        begin();
        propose(ALICE, wrong);
        challenge(BOB);
        expire();
        eq(gain(0) + gain(1) + gain(2), -(B - HALF));
    }

    /// Proving the truth after all, when the window ends and nobody fell for it.
    function test_ALieIsNotTakenBackForNothing() public {
        propose(ALICE, wrong);
        vm.warp(block.timestamp + 1 hours);
        proveInVain(BOB, abi.encodeWithSelector(OptimisticHub.NotChallenged.selector, request));
        challenge(BOB);
        prove(BOB);
        gained(-B, HALF + F, 0, B - HALF - F);
    }

    /// Who proposes right and doubts it himself, to keep the asker waiting.
    function test_DoubtingOneselfCostsHalfABond() public {
        propose(ALICE, right);
        challenge(BOB);
        vm.warp(block.timestamp + 1 days);
        prove(CAROL);
        eq(gain(0) + gain(1) + gain(2) - F, -(B - HALF));
    }

    /// Who doubts a right answer, waits, and proves just before its proposer.
    function test_ADelayIsNotFree() public {
        propose(ALICE, right);
        challenge(BOB);
        vm.warp(block.timestamp + 23 hours);
        prove(BOB);
        proveInVain(ALICE, abi.encodeWithSelector(IHub.WrongState.selector, request));
        gained(HALF, F - B, 0, B - HALF - F);
        yes(F - B <= -HALF);
    }

    /// EVE wants an answer for less than its fee, and steps in before CAROL's proof as
    /// ALICE and BOB; the same steps are as useless to strangers.
    function test_NobodyGainsByAStepBeforeAProof() public {
        propose(ALICE, right);
        prove(CAROL);
        gained(0, 0, F, -F);

        begin();
        propose(ALICE, right);
        challenge(BOB);
        prove(CAROL);
        eq(gain(2), F);
        yes(gain(0) + gain(1) < 0);
        eq(gain(0) + gain(1) + gain(3), -F);

        begin();
        propose(ALICE, wrong);
        challenge(BOB);
        prove(CAROL);
        eq(gain(2), F);
        yes(gain(0) + gain(1) < 0);
        eq(gain(0) + gain(1) + gain(3), -F);
    }

    /// A lie before a proof puts it off; the lost bond pays for the delay.
    function test_ALieBeforeAProofPaysItsProver() public {
        propose(ALICE, wrong);
        proveInVain(CAROL, abi.encodeWithSelector(OptimisticHub.NotChallenged.selector, request));
        challenge(CAROL);
        prove(CAROL);
        gained(-B, 0, HALF + F, B - HALF - F);
    }

    /// Whichever part an asker plays against others, it costs; all parts at once gain nothing.
    function test_AnAskerGainsNothingBySeveralParts() public {
        propose(EVE, wrong);
        challenge(EVE);
        prove(EVE);
        gained(0, 0, 0, 0);

        begin();
        propose(EVE, wrong);
        challenge(BOB);
        prove(EVE);
        gained(0, HALF, 0, -HALF);

        begin();
        propose(EVE, wrong);
        challenge(EVE);
        prove(CAROL);
        gained(0, 0, F, -F);

        begin();
        propose(ALICE, right);
        challenge(EVE);
        prove(EVE);
        gained(HALF, 0, 0, -HALF);
        yes(HALF >= F);
    }

    function test_AContractChallengesAndProvesAtOnce() public {
        AtOnce tool = new AtOnce();
        propose(ALICE, wrong);
        bytes memory proof = model.prove(INPUT, right[0], hub.contextOf(request, address(tool)));
        tool.run{value: BOND}(hub, request, INPUT, right, proof);
        eq(int256(hub.owed(address(tool))), B + HALF + F);
    }

    function test_ABondIsTwoFees() public {
        uint256[2][3] memory pairs = [[uint256(0), 1], [uint256(7), 14], [uint256(1 ether), 2 ether]];
        for (uint256 i = 0; i < pairs.length; i++) {
            (uint256 fee, uint256 least) = (pairs[i][0], pairs[i][1]);
            vm.expectRevert(abi.encodeWithSelector(OptimisticHub.BondTooSmall.selector, least));
            hub.requestInference{value: fee}(question(), least - 1);
            hub.requestInference{value: fee}(question(), least);
        }
    }

    /// With the least bond and with odd ones: doubt never leaves a right proposer with less
    /// than silence does, and nothing is lost or made.
    function testFuzz_DoubtTakesNothingFromWhoIsRight(uint64 fee, uint64 more, bool honest, uint8 prover)
        public
    {
        uint256 bond = 2 * uint256(fee) + more;
        begin(fee, bond == 0 ? 1 : bond);
        propose(ALICE, honest ? right : wrong);
        challenge(BOB);
        prove(people[prover % 4]);
        yes(gain(honest ? 0 : 1) >= int256(uint256(fee)));
        eq(gain(0) + gain(1) + gain(2) + gain(3), 0);
    }
}
