//! Members of groups, parked ones included.

use super::fixture::{
    DIRECTORY, START, add, change, create, delete, deltas, drive_nas, due_ids, group, linked_group,
    members_of, new_members, remove, take_one, update, user, version_of,
};
use super::fixture::{converge_all, edit};
use crate::scim::ResourceKind::{Group, User};
use crate::store::{CreateResource, IndexKeys, MemberDelta, NewMember, Store, UpdateResource};

async fn three_users(store: &dyn Store) {
    for name in ["a", "b", "c"] {
        create(store, user(name)).await;
    }
}

pub(crate) async fn deltas_apply_in_order(store: &dyn Store) {
    three_users(store).await;
    create(store, group("g", &["id-a", "id-b"])).await;
    let steps = vec![
        add(&["id-c"]),
        remove(&["id-a", "id-nobody"]),
        add(&["id-a", "id-b"]),
    ];
    let (changed, resource) = update(store, deltas("g", steps, START + 1)).await;
    assert!(changed);
    assert_eq!(resource.version, 2);
    assert_eq!(members_of(store, "g").await, ["id-b", "id-c", "id-a"]);

    let nothing = vec![add(&["id-a"]), remove(&["id-nobody"])];
    let (changed, resource) = update(store, deltas("g", nothing, START + 2)).await;
    assert!(!changed);
    assert_eq!((resource.version, resource.modified_ms), (2, START + 1));
}

pub(crate) async fn a_replaced_list_keeps_who_stays(store: &dyn Store) {
    three_users(store).await;
    create(store, group("g", &["id-a", "id-b", "unknown"])).await;
    let whole = MemberDelta::Replace(new_members(&["id-c", "id-b"]));
    update(store, deltas("g", vec![whole.clone()], START + 1)).await;
    assert_eq!(members_of(store, "g").await, ["id-b", "id-c"]);
    assert_eq!(store.parked_members().await.unwrap(), []);
    let (changed, _) = update(store, deltas("g", vec![whole], START + 2)).await;
    assert!(!changed);
    update(
        store,
        deltas("g", vec![MemberDelta::Replace(Vec::new())], START + 3),
    )
    .await;
    assert!(members_of(store, "g").await.is_empty());
}

pub(crate) async fn a_display_lasts_until_the_members_own_changes(store: &dyn Store) {
    create(store, user("a")).await;
    let members = vec![NewMember {
        value: "id-a".to_owned(),
        display: Some("Sent by the client".to_owned()),
    }];
    create(
        store,
        CreateResource {
            members,
            ..group("g", &[])
        },
    )
    .await;
    let display = async || {
        let group = store
            .resource(DIRECTORY, Group, "id-g", true)
            .await
            .unwrap()
            .unwrap();
        group
            .relations
            .members
            .into_iter()
            .next()
            .and_then(|member| member.display)
    };
    update(store, edit("a", "changed elsewhere", START + 1)).await;
    assert_eq!(display().await.as_deref(), Some("Sent by the client"));
    let keys = IndexKeys {
        display: Some("Renamed".to_owned()),
        ..user("a").keys
    };
    let rename = UpdateResource {
        document: Some(("renamed".to_owned(), keys)),
        ..change(User, "a", START + 2)
    };
    update(store, rename).await;
    assert_eq!(display().await.as_deref(), Some("Renamed"));
}

pub(crate) async fn an_unknown_member_is_parked_until_its_user_comes(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, linked_group("g", &["ext-late"])).await;
    let parked = store.parked_members().await.unwrap();
    let [only] = parked.as_slice() else {
        panic!("{parked:?}")
    };
    assert_eq!(
        (only.group.as_str(), only.value.as_str()),
        ("g", "ext-late")
    );
    assert_eq!((only.group_id.as_str(), only.parked_ms), ("id-g", START));
    assert!(members_of(store, "g").await.is_empty());
    converge_all(store, epoch, START).await;

    create(store, user("late")).await;
    assert_eq!(members_of(store, "g").await, ["id-late"]);
    assert_eq!(store.parked_members().await.unwrap(), []);
    assert_eq!(version_of(store, Group, "g").await, 2);
    let mut due = due_ids(store, epoch, START).await;
    due.sort();
    assert_eq!(due, ["id-g", "id-late"]);
}

pub(crate) async fn a_parked_user_name_counts_only_where_allowed(store: &dyn Store) {
    create(store, group("g", &["Ann@Corp", "Ben@Corp"])).await;
    create(store, user("ann@corp")).await;
    assert!(members_of(store, "g").await.is_empty());
    create(
        store,
        CreateResource {
            match_parked_by_name: true,
            ..user("ben@corp")
        },
    )
    .await;
    assert_eq!(members_of(store, "g").await, ["id-ben@corp"]);
    // A later change of the first one may match as well.
    let command = edit("ann@corp", "changed", START + 1);
    update(
        store,
        UpdateResource {
            match_parked_by_name: true,
            ..command
        },
    )
    .await;
    assert_eq!(members_of(store, "g").await, ["id-ben@corp", "id-ann@corp"]);
}

pub(crate) async fn an_external_id_names_a_member_that_is_there_already(store: &dyn Store) {
    three_users(store).await;
    create(store, group("g", &["ext-a", "id-b"])).await;
    assert_eq!(members_of(store, "g").await, ["id-a", "id-b"]);
    update(store, deltas("g", vec![remove(&["ext-a"])], START + 1)).await;
    assert_eq!(members_of(store, "g").await, ["id-b"]);

    // Shared by two users, it names neither.
    let keys = IndexKeys {
        name: None,
        ..user("c").keys
    };
    create(
        store,
        CreateResource {
            id: "id-d".to_owned(),
            keys,
            ..user("c")
        },
    )
    .await;
    update(store, deltas("g", vec![add(&["ext-c"])], START + 2)).await;
    assert_eq!(members_of(store, "g").await, ["id-b"]);
}

pub(crate) async fn a_removed_value_is_parked_no_longer(store: &dyn Store) {
    create(store, group("g", &["ext-late"])).await;
    let (changed, resource) = update(store, deltas("g", vec![remove(&["ext-late"])], START)).await;
    assert!(changed);
    assert_eq!(resource.version, 2);
    create(store, user("late")).await;
    assert!(members_of(store, "g").await.is_empty());
}

pub(crate) async fn nested_groups_count_and_cycles_end(store: &dyn Store) {
    create(store, user("a")).await;
    create(store, group("inner", &["id-a"])).await;
    create(store, group("outer", &["id-inner"])).await;
    update(store, deltas("inner", vec![add(&["id-outer"])], START + 1)).await;

    let groups = store.effective_groups(DIRECTORY, "id-a").await.unwrap();
    let names: Vec<(&str, bool)> = groups
        .iter()
        .map(|group| (group.display.as_str(), group.direct))
        .collect();
    assert_eq!(names, [("inner", true), ("outer", false)]);
    let user = store
        .resource(DIRECTORY, User, "id-a", true)
        .await
        .unwrap()
        .unwrap();
    let direct: Vec<&str> = user
        .relations
        .groups
        .iter()
        .map(|group| group.display.as_str())
        .collect();
    assert_eq!(direct, ["inner"]);
}

pub(crate) async fn a_deleted_user_leaves_its_groups(store: &dyn Store) {
    let epoch = drive_nas(store).await;
    create(store, user("a")).await;
    create(store, user("b")).await;
    create(store, group("inner", &["id-a", "id-b"])).await;
    create(store, linked_group("outer", &["id-inner"])).await;
    converge_all(store, epoch, START).await;
    // The group is due once more, as its members' accounts have appeared.
    converge_all(store, epoch, START).await;

    delete(store, User, "a", START + 1).await;
    assert_eq!(members_of(store, "inner").await, ["id-b"]);
    assert_eq!(version_of(store, Group, "inner").await, 2);
    let mut due = due_ids(store, epoch, START + 1).await;
    due.sort();
    assert_eq!(due, ["id-a", "id-outer"]);
    // Nothing is left that names the deleted user.
    create(
        store,
        CreateResource {
            id: "id-a2".to_owned(),
            ..user("a")
        },
    )
    .await;
    let work = take_one(store, epoch, START + 1).await;
    assert_eq!(work.link.resource_id, "id-a2");
    assert!(work.groups.is_empty());
}
