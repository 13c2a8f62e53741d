common-station = Layanan Kartu Identitas
common-step = Langkah { $step } dari { $steps }
common-larger-text = Teks lebih besar
common-smaller-text = Teks biasa
common-high-contrast = Kontras tinggi
common-normal-contrast = Warna biasa
common-call-staff = Panggil petugas
common-back = Kembali
common-next = Lanjut
common-confirm = Konfirmasi
common-cancel = Batal
common-yes = Ya
common-no = Tidak
common-finish = Selesai
common-start-over = Mulai dari awal
common-try-again = Coba lagi
common-continue = Lanjutkan
common-key-clear = Kosongkan
common-key-delete = Hapus
common-key-space = Spasi
common-live-view = Gambar kamera
common-more-time-question = Apakah Anda perlu waktu lagi?
common-more-time-countdown =
    { $seconds ->
        [one] Sesi ini berakhir dalam { $seconds } detik. Data Anda akan dihapus dari layar.
       *[other] Sesi ini berakhir dalam { $seconds } detik. Data Anda akan dihapus dari layar.
    }
common-more-time = Ya, tambah waktu
common-please-wait = Mohon tunggu
common-starting = Mesin ini sedang disiapkan
common-not-sensible = Mohon periksa ini dan coba lagi
common-counter-title = Silakan ke konter
common-counter-nothing-lost = Anda tidak perlu mengulang apa pun.
common-counter-tag = Nomor antrean Anda
common-out-of-service-title = Mesin ini sedang tidak berfungsi
common-out-of-service-detail = Silakan pakai mesin lain atau tanya petugas kami.
common-out-of-service-taken-out = Silakan pakai mesin lain. Petugas: hubungi teknisi.
common-staff-told = Petugas kami sudah diberi tahu.
common-staff-told-wait = Petugas kami sudah diberi tahu. Jika Anda tidak bisa ke sana, tunggu di sini.
common-card-stuck = Ada kartu tersangkut. Mohon minta petugas kami datang ke sini.
common-card-stuck-told = Ada kartu tersangkut. Mohon tunggu di sini: petugas kami segera datang.
common-card-late = Kartu Anda masih di slot. Silakan ambil, atau tanya petugas kami.
common-card-late-told = Kartu Anda masih di dalam slot. Petugas kami sudah dipanggil.
common-take-card-title = Silakan ambil kartu Anda
common-take-card-detail = Kartu ada di dalam slot.
common-working = Sedang diproses
common-counter-place = Konter
common-counter-unforeseen = Ada yang tidak berfungsi pada mesin ini. Petugas kami akan membantu Anda.
common-scroll-down = Ke bawah
common-scroll-up = Ke atas
common-finger-1 = ibu jari kanan
common-finger-2 = telunjuk kanan
common-finger-3 = jari tengah kanan
common-finger-4 = jari manis kanan
common-finger-5 = kelingking kanan
common-finger-6 = ibu jari kiri
common-finger-7 = telunjuk kiri
common-finger-8 = jari tengah kiri
common-finger-9 = jari manis kiri
common-finger-10 = kelingking kiri
common-controls-lower = Tombol lebih rendah
common-controls-usual = Tombol seperti biasa
common-read-on = Baca terus
common-languages = Bahasa lain
common-speech-intro = Suara menyala. Pakai tombol di sebelah lubang earphone. Atas dan bawah berpindah antar pilihan. Pilih mengambil pilihan. Kiri dan kanan membaca baris demi baris. Bantuan membaca halaman lagi; tekan dua kali untuk mendengar ini sekali lagi. Tombol volume mengeraskan atau mengecilkan suara.
common-speech-choices =
    { $count ->
        [one] Ada satu pilihan. Tekan bawah untuk ke sana.
       *[other] Ada { $count } pilihan. Tekan bawah untuk yang pertama.
    }
common-speech-place = { $at } dari { $count }
common-speech-button = tombol
common-speech-field = kolom isian
common-speech-chosen = dipilih
common-speech-not-chosen = tidak dipilih
common-speech-unavailable = belum tersedia
common-speech-pad = Tombol untuk mengetik. Kiri dan kanan mencari karakter, pilih mengetiknya.
common-speech-options = { $count } pilihan. Kiri dan kanan berpindah, pilih mengambil satu.
common-speech-entered =
    { $count ->
        [0] Belum ada isian
       *[other] { $count } karakter diisi
    }
common-speech-volume = Volume { $step } dari { $steps }
common-speech-speed = Kecepatan suara, { $step } dari { $steps }. Kiri lebih lambat, kanan lebih cepat.
common-speech-no-back = Tidak bisa kembali dari sini.
common-speech-any-key = Tekan tombol apa pun untuk lanjut.
common-speech-seconds = Tersisa { $seconds } detik.
common-speech-language = Bahasa
common-speech-sign-stop = titik
common-speech-sign-comma = koma
common-speech-sign-hyphen = tanda hubung
common-speech-sign-slash = garis miring
common-speech-sign-apostrophe = apostrof
common-tone = Bunyi terdengar sampai Anda mengambilnya.
common-number-title = Ketik nomor kartu identitas Anda
common-number-subtitle = Tanpa tanda kurung, misalnya A1234563.
common-number-label = Nomor kartu identitas
common-number-hint = Huruf dan angka
common-number-error = Nomor ini tidak cocok. Mohon periksa setiap huruf dan angka.
common-number-wrong = Data ini tidak ditemukan. Mohon ketik lagi. Sisa percobaan: { $left }
common-year-title = Anda lahir pada tahun berapa?
common-year-subtitle = Agar tidak ada yang mengambil tempat Anda.
common-year-label = Tahun lahir
common-year-hint = Empat angka
common-year-error = Mohon ketik empat angka, misalnya 1980.
common-weekday-0 = Senin
common-weekday-1 = Selasa
common-weekday-2 = Rabu
common-weekday-3 = Kamis
common-weekday-4 = Jumat
common-weekday-5 = Sabtu
common-weekday-6 = Minggu
common-slot = { $weekday }, { $day }/{ $month }, pukul { $hour }
common-day = { $weekday }, { $day }/{ $month }
common-date =
    { $day } { $month ->
        [1] Januari
        [2] Februari
        [3] Maret
        [4] April
        [5] Mei
        [6] Juni
        [7] Juli
        [8] Agustus
        [9] September
        [10] Oktober
        [11] November
       *[12] Desember
    } { $year }
