//! Products of residues: the portable text's, or the machine's where it has a kernel for one product at a time.
//!
//! IFMA's kernels take whole exponentiations; what is multiplied alone goes the portable way beside them.

use super::backend::Preparation;
use super::number::Number;
#[cfg(target_arch = "x86_64")]
use super::x86_adx;
use super::{Error, Modulus, Residue, montgomery};

impl Modulus {
    /// a·b mod n.
    #[must_use]
    pub fn multiply(&self, a: &Residue, b: &Residue) -> Residue {
        let mut product = Residue(Number::zero(self.words()));
        self.multiply_into(&mut product, a, b);
        product
    }

    /// x·y mod n for a number x, as a number: the R of y's Montgomery form goes with the R⁻¹ of the product.
    ///
    /// # Errors
    ///
    /// When x ≥ n; that this is so becomes public, x itself does not.
    pub(crate) fn multiply_number(&self, x: &Number, y: &Residue) -> Result<Number, Error> {
        let mut product = Number::zero(self.words());
        self.multiply_words(product.words_mut(), self.checked(x)?.words(), y.0.words());
        Ok(product)
    }

    /// a² mod n.
    #[must_use]
    pub fn square(&self, a: &Residue) -> Residue {
        let mut square = Residue(Number::zero(self.words()));
        self.square_into(&mut square, a);
        square
    }

    /// The same into a residue that is there already: an exponentiation needs two, not a thousand.
    pub(super) fn square_into(&self, square: &mut Residue, a: &Residue) {
        let (square, a, n) = (square.0.words_mut(), a.0.words(), self.n.words());
        match self.preparation {
            #[cfg(target_arch = "x86_64")]
            Preparation::Adx(proof) => x86_adx::square(proof, square, a, n, self.n0),
            _ => montgomery::square(square, a, n, self.n0),
        }
    }

    /// The product into a residue that is there already.
    pub(super) fn multiply_into(&self, product: &mut Residue, a: &Residue, b: &Residue) {
        self.multiply_words(product.0.words_mut(), a.0.words(), b.0.words());
    }

    /// out = a·b·R⁻¹ mod n for a, b < n in as many words as n.
    fn multiply_words(&self, out: &mut [u64], a: &[u64], b: &[u64]) {
        let n = self.n.words();
        match self.preparation {
            #[cfg(target_arch = "x86_64")]
            Preparation::Adx(proof) => x86_adx::multiply(proof, out, a, b, n, self.n0),
            _ => montgomery::multiply(out, a, b, n, self.n0),
        }
    }
}
