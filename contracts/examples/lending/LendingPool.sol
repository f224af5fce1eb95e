// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {BoundConsumer, ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title What one unit of collateral is worth in units of the asset, times 1e18.
interface IPrice {
    function price() external view returns (uint256);
}

/// @title An example: who proves good credit borrows more on the same collateral.
/// @notice An attester checks an application off chain and posts the salted commitment
/// to it. The borrower proves what the credit model says of the application behind the
/// commitment; the application stays with the borrower.
contract LendingPool is BoundConsumer, AccessControl, Pausable, ReentrancyGuard {
    using SafeERC20 for IERC20;

    bytes32 public constant ATTESTER_ROLE = keccak256("ATTESTER");
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER");

    /// @notice Loan to value in basis points: without a rating, and for liquidation.
    uint256 public constant BASE_LTV = 5_000;
    uint256 public constant LIQUIDATION_LTV = 8_500;

    /// @notice What a liquidator gets, in basis points of the debt.
    uint256 public constant LIQUIDATION_AWARD = 10_500;

    /// @notice How long a new version of a model that is followed is known beforehand.
    uint64 public constant NOTICE = 7 days;

    uint256 private constant ALL = 10_000;
    uint256 private constant UNIT = 1e18;

    event Attested(address indexed borrower, bytes32 commitment);
    event Rated(address indexed borrower, uint256 class, uint256 ltv, uint64 until);
    event Liquidated(address indexed borrower, address indexed by, uint256 debt, uint256 seized);

    /// No application of this account was attested.
    error NotAttested(address borrower);
    /// The application of this account was attested too long ago.
    error AttestationExpired(address borrower);
    /// The model has no such class here.
    error UnknownClass(int256 class);
    /// The loan would be too large for its collateral.
    error TooMuchDebt(uint256 debt, uint256 limit);
    /// The loan is small enough for its collateral.
    error Healthy(address borrower);
    /// A loan to value is at most what liquidation allows.
    error LtvOutOfRange(uint256 ltv);
    /// The admin's capital and the borrowers' collateral would be one heap.
    error AssetIsCollateral();

    struct Rating {
        uint64 version;
        uint64 until;
        uint128 ltv;
    }

    IERC20 public immutable asset;
    IERC20 public immutable collateral;
    IPrice public immutable oracle;

    /// @notice How long an attested application is true, and a rating by it holds, in
    /// seconds from its attestation.
    uint64 public immutable validity;

    /// @notice The loan to value of each class of the model, in basis points.
    uint256[] public ltvOfClass;

    mapping(address borrower => bytes32) public applicationOf;
    mapping(address borrower => uint64) public attestedAt;
    mapping(address borrower => uint256) public collateralOf;
    mapping(address borrower => uint256) public debtOf;
    mapping(address borrower => Rating) private _ratings;

    constructor(
        IModelRegistry registry_,
        uint256 modelId_,
        uint64 pinnedVersion_,
        IERC20 asset_,
        IERC20 collateral_,
        IPrice oracle_,
        uint256[] memory ltvOfClass_,
        uint64 validity_,
        address admin
    ) ModelConsumer(registry_, modelId_, pinnedVersion_, NOTICE) {
        if (address(asset_) == address(collateral_)) revert AssetIsCollateral();
        for (uint256 i = 0; i < ltvOfClass_.length; i++) {
            if (ltvOfClass_[i] >= LIQUIDATION_LTV) revert LtvOutOfRange(ltvOfClass_[i]);
        }
        asset = asset_;
        collateral = collateral_;
        oracle = oracle_;
        ltvOfClass = ltvOfClass_;
        validity = validity_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @notice Says that the application behind a commitment is this borrower's, and true.
    /// A rating by an earlier one ends.
    function attest(address borrower, bytes32 commitment) external onlyRole(ATTESTER_ROLE) {
        applicationOf[borrower] = commitment;
        attestedAt[borrower] = uint64(block.timestamp);
        delete _ratings[borrower];
        emit Attested(borrower, commitment);
    }

    /// @notice Proves what the model says of the caller's attested application.
    /// @param proof Made for contextOf(sender), with the salt of the commitment.
    function rate(int256[] calldata output, bytes calldata proof) external {
        bytes32 commitment = applicationOf[msg.sender];
        if (commitment == 0) revert NotAttested(msg.sender);
        uint64 until = attestedAt[msg.sender] + validity;
        if (until < block.timestamp) revert AttestationExpired(msg.sender);
        _acceptProof(abi.encode(commitment), output, proof);
        if (output.length != 1 || output[0] < 0 || uint256(output[0]) >= ltvOfClass.length) {
            revert UnknownClass(output.length == 0 ? int256(-1) : output[0]);
        }
        uint256 ltv = ltvOfClass[uint256(output[0])];
        _ratings[msg.sender] = Rating(modelVersion(), until, uint128(ltv));
        emit Rated(msg.sender, uint256(output[0]), ltv, until);
    }

    /// @notice What an account may borrow for its collateral, in basis points.
    /// @dev A rating ends after a time, and with the version of the model that gave it.
    /// That stops new loans; loans stand until they reach LIQUIDATION_LTV.
    function ltvOf(address borrower) public view returns (uint256) {
        Rating memory rating = _ratings[borrower];
        bool holds =
            rating.until >= block.timestamp && rating.version != 0 && rating.version == modelVersion();
        return holds ? rating.ltv : BASE_LTV;
    }

    /// @notice Takes collateral. What arrives counts, where a token keeps a part of it.
    function deposit(uint256 amount) external whenNotPaused nonReentrant {
        uint256 taken = _take(collateral, amount);
        collateralOf[msg.sender] += taken;
    }

    function borrow(uint256 amount) external whenNotPaused nonReentrant {
        debtOf[msg.sender] += amount;
        _requireWithin(ltvOf(msg.sender));
        asset.safeTransfer(msg.sender, amount);
    }

    /// @notice Pays back for anybody, at most the debt; never paused. With a larger amount
    /// all is paid, whatever somebody else paid just before. What arrives counts.
    function repay(address borrower, uint256 amount) external nonReentrant {
        uint256 debt = debtOf[borrower];
        uint256 paid = _take(asset, amount < debt ? amount : debt);
        debtOf[borrower] = debt - paid;
    }

    /// @notice Takes collateral back that the debt does not need; never paused.
    function withdraw(uint256 amount) external nonReentrant {
        collateralOf[msg.sender] -= amount;
        if (debtOf[msg.sender] != 0) _requireWithin(ltvOf(msg.sender));
        collateral.safeTransfer(msg.sender, amount);
    }

    /// @notice Pays all debt of an account that is above LIQUIDATION_LTV, for collateral
    /// worth a little more; never paused. What arrives counts, for the debt and the award.
    function liquidate(address borrower) external nonReentrant {
        uint256 debt = debtOf[borrower];
        if (debt <= _limit(borrower, LIQUIDATION_LTV)) revert Healthy(borrower);
        uint256 paid = _take(asset, debt);
        uint256 award = paid * LIQUIDATION_AWARD * UNIT / (ALL * oracle.price());
        uint256 seized = award < collateralOf[borrower] ? award : collateralOf[borrower];
        debtOf[borrower] = debt - paid;
        collateralOf[borrower] -= seized;
        emit Liquidated(borrower, msg.sender, paid, seized);
        collateral.safeTransfer(msg.sender, seized);
    }

    /// @notice Takes lent capital back that is not lent. The admin's, as in this example
    /// nobody else provides any.
    function reclaim(uint256 amount) external onlyRole(DEFAULT_ADMIN_ROLE) nonReentrant {
        asset.safeTransfer(msg.sender, amount);
    }

    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    function unpause() external onlyRole(PAUSER_ROLE) {
        _unpause();
    }

    /// Takes tokens from the caller, and tells how many came.
    function _take(IERC20 token, uint256 amount) private returns (uint256) {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        return token.balanceOf(address(this)) - before;
    }

    function _requireWithin(uint256 ltv) private view {
        uint256 limit = _limit(msg.sender, ltv);
        if (debtOf[msg.sender] > limit) revert TooMuchDebt(debtOf[msg.sender], limit);
    }

    function _limit(address borrower, uint256 ltv) private view returns (uint256) {
        return collateralOf[borrower] * oracle.price() * ltv / (UNIT * ALL);
    }
}
