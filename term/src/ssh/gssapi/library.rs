//! The system's GSSAPI library (RFC 2744): the few calls that a login takes.
//!
//! The only file of this crate that calls C by itself. A value of a type here owns what the library gave it and gives it back when
//! it is dropped.
#![allow(unsafe_code, reason = "a C library that is found at run time cannot be called otherwise")]

mod status;

use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

use libloading::Library;

use super::{Error, Target};
use status::CONTINUE_NEEDED;

/// The library's names, MIT's before Heimdal's.
#[cfg(not(any(target_os = "macos", windows)))]
const NAMES: &[&str] = &["libgssapi_krb5.so.2", "libgssapi.so.3"];
/// The system's own, then MIT's of Homebrew.
#[cfg(target_os = "macos")]
const NAMES: &[&str] = &["/System/Library/Frameworks/GSS.framework/GSS", "libgssapi_krb5.2.2.dylib"];
/// MIT Kerberos for Windows.
#[cfg(windows)]
const NAMES: &[&str] = &["gssapi64.dll"];

/// `GSS_C_DELEG_FLAG`, `GSS_C_MUTUAL_FLAG` and `GSS_C_INTEG_FLAG`.
const DELEGATE: u32 = 1;
const MUTUAL: u32 = 2;
const INTEGRITY: u32 = 32;

/// `GSS_C_INITIATE`.
const INITIATE: c_int = 1;

/// 1.2.840.113554.1.2.2: Kerberos version 5.
static KERBEROS: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
/// 1.2.840.113554.1.2.1.4: `service@host`.
static HOST_BASED_SERVICE: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04";
/// 1.2.840.113554.1.2.1.1: the name of a user.
static USER_NAME: &[u8] = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01";

/// `gss_OID_desc`. Apple's headers pack it on Intel processors, as they did for the ones before.
#[repr(C)]
#[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), repr(packed(2)))]
struct Oid {
    length: u32,
    elements: *const c_void,
}

/// `gss_OID_set_desc`.
#[repr(C)]
#[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), repr(packed(2)))]
struct OidSet {
    count: usize,
    elements: *const Oid,
}

/// `gss_buffer_desc`.
#[repr(C)]
#[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), repr(packed(2)))]
struct Buffer {
    length: usize,
    value: *mut c_void,
}

/// `gss_name_t`, `gss_ctx_id_t`, `gss_cred_id_t`: pointers to what only the library knows.
type Handle = *mut c_void;

impl Oid {
    fn of(bytes: &'static [u8]) -> Self {
        // The lengths above are of one digit.
        Self { length: u32::try_from(bytes.len()).unwrap_or_default(), elements: bytes.as_ptr().cast() }
    }
}

impl Buffer {
    const EMPTY: Self = Self { length: 0, value: null_mut() };

    /// What the library reads while `bytes` lives; it takes pointers to constant buffers as it takes all others.
    fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len(), value: bytes.as_ptr().cast_mut().cast() }
    }
}

/// The library's functions.
struct Functions {
    import_name: unsafe extern "system" fn(*mut u32, *mut Buffer, *const Oid, *mut Handle) -> u32,
    acquire_cred: unsafe extern "system" fn(
        *mut u32,
        Handle,
        u32,
        *const OidSet,
        c_int,
        *mut Handle,
        *mut *mut OidSet,
        *mut u32,
    ) -> u32,
    init_sec_context: unsafe extern "system" fn(
        *mut u32,
        Handle,
        *mut Handle,
        Handle,
        *const Oid,
        u32,
        u32,
        *mut c_void,
        *mut Buffer,
        *mut *const Oid,
        *mut Buffer,
        *mut u32,
        *mut u32,
    ) -> u32,
    get_mic: unsafe extern "system" fn(*mut u32, Handle, u32, *mut Buffer, *mut Buffer) -> u32,
    display_status: unsafe extern "system" fn(*mut u32, u32, c_int, *const Oid, *mut u32, *mut Buffer) -> u32,
    release_buffer: unsafe extern "system" fn(*mut u32, *mut Buffer) -> u32,
    release_name: unsafe extern "system" fn(*mut u32, *mut Handle) -> u32,
    release_cred: unsafe extern "system" fn(*mut u32, *mut Handle) -> u32,
    delete_sec_context: unsafe extern "system" fn(*mut u32, *mut Handle, *mut Buffer) -> u32,
    /// What the functions are part of; never unloaded, for libraries like this keep threads and exit handlers.
    _library: Library,
}

/// The functions, loaded once.
fn functions() -> Result<&'static Functions, Error> {
    static FUNCTIONS: OnceLock<Option<Functions>> = OnceLock::new();
    let found = FUNCTIONS.get_or_init(|| {
        NAMES.iter().find_map(|name| {
            // SAFETY: the system's own library by its own name, whose initialisers make no demands.
            let library = unsafe { Library::new(name) };
            let library = library.map_err(|error| log::debug!("no {name}: {error}")).ok()?;
            log::debug!("GSSAPI is {name}");
            // SAFETY: the types are RFC 2744's, appendix A.
            unsafe { Functions::of(library) }.map_err(|error| log::debug!("{name} is incomplete: {error}")).ok()
        })
    });
    found.as_ref().ok_or_else(|| Error::NoLibrary { names: NAMES.join(", ") })
}

impl Functions {
    /// # Safety
    /// `library` must be one of GSSAPI.
    unsafe fn of(library: Library) -> Result<Self, libloading::Error> {
        // SAFETY: the caller's promise; the functions stay where they are as long as the library is kept beside them.
        unsafe {
            Ok(Self {
                import_name: *library.get(b"gss_import_name\0")?,
                acquire_cred: *library.get(b"gss_acquire_cred\0")?,
                init_sec_context: *library.get(b"gss_init_sec_context\0")?,
                get_mic: *library.get(b"gss_get_mic\0")?,
                display_status: *library.get(b"gss_display_status\0")?,
                release_buffer: *library.get(b"gss_release_buffer\0")?,
                release_name: *library.get(b"gss_release_name\0")?,
                release_cred: *library.get(b"gss_release_cred\0")?,
                delete_sec_context: *library.get(b"gss_delete_sec_context\0")?,
                _library: library,
            })
        }
    }

    /// The bytes of a buffer that the library filled, which is given back.
    fn take(&self, mut buffer: Buffer) -> Vec<u8> {
        let (length, value) = (buffer.length, buffer.value);
        let bytes = if value.is_null() || length == 0 {
            Vec::new()
        } else {
            // SAFETY: the library says that so many bytes are there.
            unsafe { std::slice::from_raw_parts(value.cast::<u8>(), length) }.to_vec()
        };
        // SAFETY: the buffer came from this library and is not used again.
        let _ = unsafe { (self.release_buffer)(&mut 0, &mut buffer) };
        bytes
    }

    /// A name of the library's. Whoever calls this gives it back.
    fn name(&self, text: &str, kind: &'static [u8]) -> Result<Handle, Error> {
        let (mut minor, mut name, kind) = (0, null_mut(), Oid::of(kind));
        // SAFETY: every pointer is to a value that outlives the call.
        let major = unsafe { (self.import_name)(&mut minor, &mut Buffer::of(text.as_bytes()), &kind, &mut name) };
        self.check(major, minor).map(|_| name)
    }

    /// The credentials of a principal. Whoever calls this gives them back.
    fn credentials(&self, principal: &str) -> Result<Handle, Error> {
        let mut name = self.name(principal, USER_NAME)?;
        let kerberos = Oid::of(KERBEROS);
        let wanted = OidSet { count: 1, elements: &kerberos };
        let (mut minor, mut credentials) = (0, null_mut());
        // SAFETY: as above; the library takes no list and no lifetime where it is not asked for them.
        let major = unsafe {
            let major =
                (self.acquire_cred)(&mut minor, name, 0, &wanted, INITIATE, &mut credentials, null_mut(), null_mut());
            let _ = (self.release_name)(&mut 0, &mut name);
            major
        };
        self.check(major, minor).map(|_| credentials)
    }

    /// The status, or why the call failed.
    fn check(&self, major: u32, minor: u32) -> Result<u32, Error> {
        if status::is_error(major) { Err(status::error(self, major, minor)) } else { Ok(major) }
    }

    /// One line of what a status means, and whether there are more.
    fn line(&self, status: u32, kind: c_int, more: &mut u32) -> Option<Vec<u8>> {
        let (kerberos, mut text) = (Oid::of(KERBEROS), Buffer::EMPTY);
        // SAFETY: every pointer is to a value that outlives the call.
        let major = unsafe { (self.display_status)(&mut 0, status, kind, &kerberos, more, &mut text) };
        let bytes = self.take(text);
        (!status::is_error(major)).then_some(bytes)
    }
}

/// A security context that is being agreed on.
pub(super) struct Context {
    functions: &'static Functions,
    handle: Handle,
    name: Handle,
    credentials: Handle,
    wanted: u32,
    granted: u32,
    is_complete: bool,
}

// SAFETY: the library's handles belong to no thread, and a `Context` is used by one thread at a time.
unsafe impl Send for Context {}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("is_complete", &self.is_complete).finish_non_exhaustive()
    }
}

impl Context {
    pub(super) fn new(target: &Target) -> Result<Self, Error> {
        let functions = functions()?;
        let delegate = if target.delegate { DELEGATE } else { 0 };
        // Made at once, so that what it has by then is given back whatever follows.
        let mut context = Self {
            functions,
            handle: null_mut(),
            name: functions.name(&target.service, HOST_BASED_SERVICE)?,
            credentials: null_mut(),
            wanted: MUTUAL | INTEGRITY | delegate,
            granted: 0,
            is_complete: false,
        };
        if let Some(principal) = &target.client {
            context.credentials = functions.credentials(principal)?;
        }
        Ok(context)
    }

    /// Takes what the server sent, nothing at first, and makes what it is to be sent.
    pub(super) fn step(&mut self, received: Option<&[u8]>) -> Result<Vec<u8>, Error> {
        let (mut minor, mut token, kerberos) = (0, Buffer::EMPTY, Oid::of(KERBEROS));
        let mut received = Buffer::of(received.unwrap_or_default());
        // SAFETY: every pointer is to a value that outlives the call, or null where RFC 2744 section 5.19 allows it; the
        // handle is the one that the last call left.
        let major = unsafe {
            (self.functions.init_sec_context)(
                &mut minor,
                self.credentials,
                &mut self.handle,
                self.name,
                &kerberos,
                self.wanted,
                0,
                null_mut(),
                &mut received,
                &mut null(),
                &mut token,
                &mut self.granted,
                null_mut(),
            )
        };
        let token = self.functions.take(token);
        let major = self.functions.check(major, minor)?;
        self.is_complete = major & CONTINUE_NEEDED == 0;
        Ok(token)
    }

    /// The code that proves that `data` comes from the user of this context.
    pub(super) fn mic(&self, data: &[u8]) -> Result<Vec<u8>, Error> {
        let (mut minor, mut mic) = (0, Buffer::EMPTY);
        // SAFETY: every pointer is to a value that outlives the call.
        let major = unsafe { (self.functions.get_mic)(&mut minor, self.handle, 0, &mut Buffer::of(data), &mut mic) };
        let mic = self.functions.take(mic);
        self.functions.check(major, minor).map(|_| mic)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(super) fn has_integrity(&self) -> bool {
        self.granted & INTEGRITY != 0
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let functions = self.functions;
        // SAFETY: each handle came from this library, is given back once, and only where there is one.
        unsafe {
            if !self.handle.is_null() {
                let _ = (functions.delete_sec_context)(&mut 0, &mut self.handle, null_mut());
            }
            if !self.name.is_null() {
                let _ = (functions.release_name)(&mut 0, &mut self.name);
            }
            if !self.credentials.is_null() {
                let _ = (functions.release_cred)(&mut 0, &mut self.credentials);
            }
        }
    }
}
