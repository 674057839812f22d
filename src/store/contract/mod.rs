//! The contract suite: what every store must do, written against the trait alone.
//!
//! A store's own tests call [`store_contract`] with a function that opens an empty store; each
//! check then runs as a test of its own.

pub(crate) mod claims;
pub(crate) mod directory;
pub(crate) mod fixture;
pub(crate) mod guard;
pub(crate) mod leases;
pub(crate) mod links;
pub(crate) mod members;
pub(crate) mod memberships;
pub(crate) mod names;
pub(crate) mod passwords;
pub(crate) mod reports;
pub(crate) mod sweeps;
pub(crate) mod tombstones;

/// Runs the suite. `$open` names a function without arguments that answers something whose field
/// `store` is a store, and which keeps what the store needs alive.
macro_rules! store_contract {
    ($open:ident) => {
        $crate::store::contract::store_contract! { $open:
            directory::a_resource_reads_as_it_was_written,
            directory::a_name_is_taken_once_in_a_directory_and_kind,
            directory::a_change_from_an_old_version_is_refused,
            directory::a_rename_onto_a_taken_name_is_refused,
            directory::an_equal_document_changes_nothing,
            directory::every_key_finds_its_resources,
            directory::pages_and_scans_run_oldest_first,
            directory::a_name_is_free_once_its_resource_is_deleted,
            directory::a_deletion_of_an_old_version_is_refused,
            directory::an_activation_is_counted,
            members::deltas_apply_in_order,
            members::a_replaced_list_keeps_who_stays,
            members::a_display_lasts_until_the_members_own_changes,
            members::an_unknown_member_is_parked_until_its_user_comes,
            members::a_parked_user_name_counts_only_where_allowed,
            members::an_external_id_names_a_member_that_is_there_already,
            members::a_removed_value_is_parked_no_longer,
            members::nested_groups_count_and_cycles_end,
            members::a_deleted_user_leaves_its_groups,
            memberships::joining_and_leaving_make_users_due,
            memberships::a_large_change_becomes_a_sweep,
            memberships::a_nested_group_brings_its_users,
            memberships::a_group_is_written_again_when_an_account_appears,
            memberships::a_group_that_goes_makes_its_members_due,
            links::a_creation_is_due_at_once,
            links::a_change_in_flight_is_not_lost,
            links::a_failed_attempt_waits_for_its_time,
            links::the_queue_runs_across_states,
            links::held_and_refused_links_wait_for_a_change,
            links::the_newest_five_requests_are_carried,
            links::an_appliance_sees_only_its_own_links,
            links::progress_reads_as_it_was_written,
            tombstones::an_account_outlives_its_resource,
            tombstones::a_link_without_an_account_goes_at_once,
            tombstones::a_deletion_in_flight_is_seen_afterwards,
            tombstones::a_purge_waits_for_its_time,
            tombstones::a_link_that_came_back_into_scope_stays,
            leases::a_lease_has_one_holder,
            leases::a_take_over_makes_links_uncertain,
            leases::an_old_epoch_is_refused,
            leases::a_released_lease_leaves_no_uncertainty,
            leases::a_breaker_is_kept,
            claims::a_key_has_one_holder,
            claims::a_waiting_link_wakes_when_the_key_is_released,
            claims::a_key_released_meanwhile_is_not_waited_for,
            claims::an_attempt_knows_the_keys_of_its_link,
            claims::a_cycle_is_seen,
            claims::two_people_swap_their_names,
            claims::an_account_is_handed_over,
            claims::an_account_that_is_going_is_not_handed_over,
            names::a_suffix_stays_on_its_claim,
            names::who_waits_learns_that_the_holder_keeps_its_key,
            names::groups_yet_to_be_written_are_counted,
            sweeps::a_new_appliance_is_swept_in_batches,
            sweeps::an_appliance_put_back_makes_nothing_due,
            sweeps::an_appliance_put_back_gets_what_it_missed,
            sweeps::another_digest_makes_links_due_behind_single_changes,
            sweeps::another_directory_makes_the_links_of_the_one_before_due,
            sweeps::a_further_directory_is_swept_and_one_that_is_taken_away_too,
            sweeps::a_detached_appliance_gets_nothing,
            sweeps::an_old_epoch_applies_no_sweep,
            guard::the_window_has_a_limit,
            guard::a_share_raises_the_limit,
            guard::a_refused_deletion_takes_one_place_until_it_has_happened,
            guard::a_disable_is_noted_before_it_happens,
            passwords::a_password_is_delivered_once_to_each_target,
            passwords::a_newer_password_is_not_taken_for_delivered,
            passwords::an_old_password_is_forgotten,
            reports::links_are_listed_by_filter,
            reports::links_are_counted_by_state,
            reports::old_rows_are_forgotten,
        }
    };
    ($open:ident: $($group:ident :: $check:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $check() {
                let opened = $open();
                $crate::store::contract::$group::$check(&opened.store).await;
            }
        )+
    };
}
pub(crate) use store_contract;
