//! Any bytes as shapes on a small board: cut into cells with every self-check passed, the same whatever the order of the shapes.
#![no_main]

use comity_geometry::{Located, Overlay, Point, Polygon, Shape, overlay, read_shape};
use libfuzzer_sys::fuzz_target;

/// Shapes from bytes. The first byte says how many units a square has and where the board lies; then every 255 begins a shape, 254 a
/// polygon, 253 a hole, and two other bytes are a corner.
fn shapes(bytes: &[u8]) -> Vec<Shape> {
    let Some((&mode, bytes)) = bytes.split_first() else { return vec![] };
    let scale = [1, 2, 3, 7, 100, 100_000, 500_000_000][usize::from(mode % 7)];
    let mut shapes: Vec<Shape> = vec![];
    let mut x = None;
    for &byte in bytes.iter().take(400) {
        match (byte, shapes.last_mut()) {
            (255, _) | (_, None) => shapes.push(Shape { polygons: vec![Polygon::default()] }),
            (254, Some(shape)) => shape.polygons.push(Polygon::default()),
            (253, Some(shape)) => shape.polygons.last_mut().expect("a shape begins with one").holes.push(vec![]),
            (byte, Some(shape)) => match x.take() {
                None => x = Some(byte),
                Some(west) => {
                    let p = Point::new(i64::from(west % 64) * scale, i64::from(byte % 64) * scale);
                    let polygon = shape.polygons.last_mut().expect("a shape begins with one");
                    polygon.holes.last_mut().unwrap_or(&mut polygon.shell).push(p);
                }
            },
        }
    }
    shapes
}

fn seen(made: &Overlay, number: impl Fn(u32) -> u32) -> Vec<(Vec<u32>, u64, usize)> {
    let cell = |cell: &comity_geometry::Cell| {
        let mut cover: Vec<u32> = cell.cover.iter().map(|&shape| number(shape)).collect();
        cover.sort_unstable();
        (cover, cell.area_km2.to_bits(), made.boundary(&|other| other.cover == cell.cover).len())
    };
    let mut cells: Vec<_> = made.cells.iter().map(cell).collect();
    cells.sort_unstable();
    cells
}

fuzz_target!(|bytes: &[u8]| {
    let shapes = shapes(bytes);
    let made = overlay(&shapes).expect("every self-check passes");
    let reversed: Vec<Shape> = shapes.iter().rev().cloned().collect();
    let again = overlay(&reversed).expect("in any order");
    let last = shapes.len().saturating_sub(1) as u32;
    assert_eq!(seen(&made, |shape| shape), seen(&again, |shape| last - shape));
    for x in 0..8 {
        if let Located::Inside(cell) = made.cover_at(Point::new(x * 7, x * 5)) {
            assert!((cell as usize) < made.cells.len());
        }
    }
    // the same rings about the antimeridian and a pole: read or refused
    for shape in &shapes {
        let place = |p: &Point| [((p.x as f64 * 1e-8 + 350.0) % 360.0) - 180.0, (p.y as f64 * 4e-9 + 88.0).min(90.0)];
        let rings = |polygon: &Polygon| polygon.rings().map(|ring| ring.iter().map(place).collect()).collect();
        let polygons: Vec<_> = shape.polygons.iter().map(rings).collect();
        if let Ok((read, repairs)) = read_shape(&polygons) {
            assert!(!read.is_empty() && repairs.iter().all(|repair| !repair.to_string().is_empty()));
            overlay(&[read]).expect("what was read can be cut");
        }
    }
});
