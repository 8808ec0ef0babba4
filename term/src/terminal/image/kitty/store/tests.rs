use super::*;

const CELL: (u16, u16) = (10, 20);

fn command(control: &str) -> Command {
    Command::parse(control.as_bytes()).unwrap()
}

fn picture(width: u32, height: u32) -> Arc<Picture> {
    Picture::new(width, height, vec![0; (width * height * 4) as usize]).unwrap()
}

/// A store with pictures 1 and 2, each placed on lines 100 and 105 at column 4, three columns and two lines large.
fn store() -> Store {
    let mut store = Store::default();
    for image in 1..=2_u32 {
        let name = command(&format!("i={image}"));
        let (key, _) = store.add(&name, picture(25, 30), image.into());
        for (id, line) in [(1, 100), (2, 105)] {
            let how = command(&format!("p={id},z={}", i64::from(image) - 2));
            assert_eq!(store.place(key, &how, (Anchor::Main(line), 4), CELL), Ok((3, 2)));
        }
    }
    store
}

fn placed(store: &Store) -> Vec<(u64, u32)> {
    store.placements.iter().map(|placement| (placement.key, placement.id)).collect()
}

const VIEW: View = View { screen: Screen::Main, top: 101, lines: 4, cursor: (6, 0) };

#[test]
fn placements_take_the_cells_that_they_say_or_that_they_need() {
    let source = Area { x: 0, y: 0, width: 100, height: 50 };
    let table = [
        ((0, 0), (0, 0), ((100, 50), (10, 3))),
        ((0, 0), (1, 11), ((100, 50), (11, 4))),
        ((5, 0), (0, 0), ((50, 25), (5, 2))),
        ((0, 5), (0, 0), ((200, 100), (20, 5))),
        ((2, 9), (3, 4), ((17, 176), (2, 9))),
        ((u32::MAX, u32::MAX), (0, 0), ((100_000, 200_000), (10_000, 10_000))),
    ];
    for (cells, offset, expected) in table {
        assert_eq!(extent(source, cells, offset, CELL), expected, "{cells:?} {offset:?}");
    }
    let thin = Area { width: 1, ..source };
    let (size, cells) = extent(thin, (10_000, 0), (0, 0), CELL);
    assert!(size.1 <= 640_000 && cells.1 <= 32_000);
}

#[test]
fn a_part_of_a_picture_is_cut_to_it_and_one_outside_is_refused() {
    let picture = picture(8, 6);
    let part =
        |control: &str| source(&picture, &command(control)).map(|area| (area.x, area.y, area.width, area.height));
    assert_eq!(part(""), Some((0, 0, 8, 6)));
    assert_eq!(part("x=2,y=1,w=3,h=2"), Some((2, 1, 3, 2)));
    assert_eq!(part("x=7,w=4294967295,h=99"), Some((7, 0, 1, 6)));
    assert_eq!(part("x=8"), None);
    assert_eq!(part("y=4294967295"), None);
}

#[test]
fn deleting_finds_what_it_says() {
    let all = vec![(1, 1), (1, 2), (2, 1), (2, 2)];
    let table = [
        ("d=a", vec![(1, 2), (2, 2)]),
        ("d=i,i=1", vec![(2, 1), (2, 2)]),
        ("d=i,i=1,p=2", vec![(1, 1), (2, 1), (2, 2)]),
        ("d=i,i=9", all.clone()),
        ("d=c", vec![(1, 2), (2, 2)]),
        ("d=p,x=5,y=1", vec![(1, 2), (2, 2)]),
        ("d=p,x=4,y=1", all.clone()),
        ("d=p,x=5,y=2", all.clone()),
        ("d=q,x=5,y=1,z=-1", vec![(1, 2), (2, 1), (2, 2)]),
        ("d=r,x=2,y=9", vec![(1, 1), (1, 2)]),
        ("d=x,x=7", vec![(1, 2), (2, 2)]),
        ("d=x,x=8", all.clone()),
        ("d=y,y=1", vec![(1, 2), (2, 2)]),
        ("d=z,z=-1", vec![(1, 2), (2, 1), (2, 2)]),
        ("d=f", all.clone()),
        ("d=?", all),
    ];
    for (control, left) in table {
        let mut store = store();
        store.delete(&command(control), VIEW);
        assert_eq!(placed(&store), left, "{control}");
        assert_eq!(store.pictures.len(), 2, "{control} keeps the data");
    }
}

#[test]
fn capital_letters_free_pictures_that_are_placed_nowhere_else() {
    let mut store = store();
    store.delete(&command("d=A"), VIEW);
    assert_eq!(store.pictures.len(), 2, "both are also placed below");
    store.delete(&command("d=I,i=1"), VIEW);
    assert_eq!(store.pictures.keys().collect::<Vec<_>>(), [&2]);
    store.delete(&command("d=R,x=1,y=5"), VIEW);
    assert!(store.is_empty() && store.placements.is_empty());
}

#[test]
fn a_nameless_picture_goes_with_its_placement() {
    let mut store = Store::default();
    let (key, given) = store.add(&command(""), picture(1, 1), 1);
    assert_eq!(given, None);
    let _ = store.place(key, &command(""), (Anchor::Main(101), 0), CELL);
    store.clear(VIEW);
    assert!(store.is_empty());
}

#[test]
fn a_number_names_the_newest_picture_that_has_it() {
    let mut store = Store::default();
    let (first, given) = store.add(&command("I=7"), picture(1, 1), 1);
    let (second, _) = store.add(&command("I=7"), picture(1, 1), 2);
    assert_eq!(given.map(u64::from), Some(first));
    assert_eq!(store.find(&command("I=7")), Some(second));
    store.delete(&command("d=N,I=7"), VIEW);
    assert_eq!(store.find(&command("I=7")), Some(first));
}

#[test]
fn a_picture_sent_again_replaces_itself_and_its_placements() {
    let mut store = store();
    let _ = store.add(&command("i=1"), picture(3, 3), 9);
    assert_eq!(placed(&store), [(2, 1), (2, 2)]);
    let again = command("p=1,c=9,r=9");
    let _ = store.place(2, &again, (Anchor::Main(100), 0), CELL);
    assert_eq!(placed(&store), [(2, 2), (2, 1)]);
}

#[test]
fn placements_follow_their_lines_and_go_with_them() {
    let mut store = store();
    store.trim(102);
    assert_eq!(placed(&store), [(1, 2), (2, 2)]);
    store.follow(|line, column| Some((line * 2, column + 1)));
    assert_eq!(store.placements[0].anchor, Anchor::Main(210));
    assert_eq!(store.placements[0].column, 5);
    store.follow(|_, _| None);
    assert!(store.placements.is_empty());
}

#[test]
fn neither_pictures_nor_placements_grow_without_end() {
    let mut store = Store::default();
    for age in 0..MOST as u64 * 3 / 2 {
        if store.is_full() {
            store.make_room();
        }
        let (key, _) = store.add(&command(""), picture(1, 1), age);
        for _ in 0..3 {
            let _ = store.place(key, &command(""), (Anchor::Main(0), 0), CELL);
        }
    }
    assert!(store.pictures.len() <= MOST && store.placements.len() <= MOST + 3);
}
